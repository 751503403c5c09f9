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
      <Content label={label}>{children}</Content>
    </DropdownMenu.Root>
  )
}

type OpenProps = {
  /** The button that was pressed. */
  button: HTMLElement
  label: string
  onClose: () => void
  /** Where the focus goes, unless an entry has moved it. */
  successor?: () => HTMLElement | undefined
  children: ReactNode
}

/** A menu that is open while it is rendered, at a button of a page that loads it only then. */
export function OpenMenu({
  button,
  label,
  onClose,
  successor = () => button,
  children,
}: OpenProps) {
  const { left, top, width, height } = button.getBoundingClientRect()
  return (
    <DropdownMenu.Root
      open
      modal={false}
      onOpenChange={(isOpen) => {
        if (!isOpen) onClose()
      }}
    >
      <DropdownMenu.Trigger asChild>
        <span
          aria-hidden
          className="pointer-events-none fixed"
          style={{ left, top, width, height }}
        />
      </DropdownMenu.Trigger>
      <Content
        label={label}
        onCloseAutoFocus={(event) => {
          event.preventDefault()
          if (document.activeElement === document.body) successor()?.focus()
        }}
      >
        {children}
      </Content>
    </DropdownMenu.Root>
  )
}

function Content({
  label,
  ...props
}: ComponentProps<typeof DropdownMenu.Content> & { label: string }) {
  return (
    // Beside the page's landmarks, those who go from one to the next would not find it.
    <DropdownMenu.Portal container={document.querySelector('main')}>
      <DropdownMenu.Content
        align="end"
        sideOffset={4}
        collisionPadding={8}
        aria-label={label}
        className="z-50 max-h-(--radix-dropdown-menu-content-available-height) min-w-48 overflow-y-auto rounded-lg border bg-popover p-1 text-sm shadow-lg"
        {...props}
      />
    </DropdownMenu.Portal>
  )
}

type ItemProps = ComponentProps<typeof DropdownMenu.Item> & { isDestructive?: boolean | undefined }

export function MenuItem({ isDestructive = false, ...props }: ItemProps) {
  return (
    <DropdownMenu.Item
      className={cn(
        'flex min-h-11 cursor-default items-center gap-2.5 rounded-md px-3 outline-none select-none data-disabled:opacity-50 data-highlighted:bg-accent [&_svg]:size-4 [&_svg]:shrink-0',
        isDestructive
          ? 'text-destructive'
          : 'data-highlighted:text-accent-foreground [&_svg]:text-muted-foreground',
      )}
      {...props}
    />
  )
}
