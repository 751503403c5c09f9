'use client'

import { DropdownMenu } from 'radix-ui'
import type { ComponentProps, ReactNode } from 'react'
import { cn } from '@/lib/cn'

type Props = { trigger: ReactNode; label: string; children: ReactNode }

/** A button that opens a menu. `trigger` is one button. */
export function Menu({ trigger, label, children }: Props) {
  return (
    // Not modal: the page behind it scrolls, and stays as wide as it was.
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger asChild>{trigger}</DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content
          align="end"
          sideOffset={4}
          collisionPadding={8}
          aria-label={label}
          className="z-50 min-w-48 animate-appear rounded-lg border bg-popover p-1 text-sm shadow-lg"
        >
          {children}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  )
}

type ItemProps = ComponentProps<typeof DropdownMenu.Item> & { isDestructive?: boolean }

export function MenuItem({ className, isDestructive = false, ...props }: ItemProps) {
  return (
    <DropdownMenu.Item
      className={cn(
        'flex min-h-11 cursor-default items-center gap-2.5 rounded-md px-3 outline-none select-none data-[disabled]:opacity-50 data-[highlighted]:bg-accent data-[highlighted]:text-accent-foreground [&_svg]:size-4 [&_svg]:shrink-0 [&_svg]:text-muted-foreground',
        isDestructive && 'text-destructive [&_svg]:text-destructive',
        className,
      )}
      {...props}
    />
  )
}
