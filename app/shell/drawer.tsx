'use client'

import { MenuIcon } from 'lucide-react'
import { useId, useRef, type MouseEvent, type ReactNode } from 'react'
import { Button } from '@/app/components/ui/button'

/**
 * The side of a wide screen, which slides in on a narrow one. A popover opens without a script, closes on
 * Escape and on a click beside it, and gives the focus back.
 */
export function Drawer({ label, children }: { label: string; children: ReactNode }) {
  const id = useId()
  const drawer = useRef<HTMLDivElement>(null)

  function closeAfterLink({ target }: MouseEvent) {
    if (target instanceof Element && target.closest('a')) drawer.current?.hidePopover()
  }

  return (
    <>
      <Button
        variant="ghost"
        size="icon"
        className="md:hidden"
        aria-label={label}
        popoverTarget={id}
      >
        <MenuIcon aria-hidden />
      </Button>
      <div
        ref={drawer}
        id={id}
        popover="auto"
        onClick={closeAfterLink}
        className="m-0 h-dvh w-72 max-w-[85vw] overflow-y-auto border-r bg-card text-card-foreground shadow-xl backdrop:bg-black/40 md:hidden"
      >
        {children}
      </div>
    </>
  )
}
