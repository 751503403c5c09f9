'use client'

import { XIcon } from 'lucide-react'
import { useId, useLayoutEffect, useRef, type ReactNode } from 'react'
import { Button } from './button'

type Props = {
  title: string
  description?: ReactNode
  onClose: () => void
  children: ReactNode
}

/**
 * A modal dialog, open while it is rendered: a sheet at the bottom of a phone, in the middle of a larger screen.
 * The browser's own keeps the focus inside, closes on Escape, gives the focus back, and lies above every popover.
 */
export function Dialog({ title, description, onClose, children }: Props) {
  const dialog = useRef<HTMLDialogElement>(null)
  const titleId = useId()
  const descriptionId = useId()

  useLayoutEffect(() => {
    const element = dialog.current
    element?.showModal()
    return () => {
      element?.close()
    }
  }, [])

  return (
    <dialog
      ref={dialog}
      aria-labelledby={titleId}
      aria-describedby={description === undefined ? undefined : descriptionId}
      onClose={({ currentTarget }) => {
        // React's strict mode closes and opens it again before this event arrives.
        if (!currentTarget.open) onClose()
      }}
      onClick={({ target, currentTarget }) => {
        // Beside it: everything in it is inside the element below.
        if (target === currentTarget) currentTarget.close()
      }}
      className="m-0 mt-auto max-h-[92dvh] w-full max-w-full overflow-y-auto rounded-t-xl border bg-popover text-popover-foreground shadow-xl backdrop:bg-black/50 sm:m-auto sm:max-w-lg sm:rounded-xl"
    >
      <div className="grid grid-cols-1 gap-5 p-5 pb-[max(1.25rem,env(safe-area-inset-bottom))] sm:p-6">
        <header className="grid gap-1.5 pr-10">
          <h2 id={titleId} className="text-lg font-semibold text-balance wrap-anywhere">
            {title}
          </h2>
          {description !== undefined && (
            <p id={descriptionId} className="text-sm text-pretty text-muted-foreground">
              {description}
            </p>
          )}
        </header>
        {children}
        <Button
          variant="ghost"
          size="icon"
          className="absolute top-2 right-2"
          aria-label="Close"
          onClick={() => dialog.current?.close()}
        >
          <XIcon aria-hidden />
        </Button>
      </div>
    </dialog>
  )
}
