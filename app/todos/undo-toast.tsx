'use client'

import { useEffect, useSyncExternalStore } from 'react'
import { Button } from '@/app/components/ui/button'
import { useTodoStore } from './todos-provider'

/** Offers to undo the newest change, for six seconds, or longer under the pointer or with the focus. */
export function UndoToast() {
  const { undo } = useTodoStore()
  const offer = useSyncExternalStore(undo.subscribe, undo.latest, () => null)

  useEffect(() => {
    const undoByKey = (event: KeyboardEvent) => {
      const isUndo = event.key.toLowerCase() === 'z' && (event.metaKey || event.ctrlKey)
      if (!isUndo || event.shiftKey || event.altKey || !undo.latest() || isTyping(event)) return
      event.preventDefault()
      void undo.undo()
    }
    window.addEventListener('keydown', undoByKey)
    return () => {
      window.removeEventListener('keydown', undoByKey)
    }
  }, [undo])

  return (
    // Always there, because a screen reader announces only what changes in a region that it knows.
    <div
      role="status"
      className="pointer-events-none fixed inset-x-0 bottom-0 z-40 flex justify-center p-4 pb-[max(1rem,env(safe-area-inset-bottom))]"
    >
      {offer && (
        <div
          key={offer.id}
          data-slot="undo"
          onPointerEnter={undo.pause}
          onPointerLeave={undo.resume}
          onFocus={undo.pause}
          onBlur={undo.resume}
          className="appears pointer-events-auto flex max-w-full items-center gap-2 rounded-lg bg-foreground py-1 pr-1 pl-4 text-sm text-background shadow-lg"
        >
          <span className="min-w-0 truncate">{offer.label}</span>
          <Button
            variant="ghost"
            className="h-11 text-background underline underline-offset-4 hover:bg-background/15 hover:text-background"
            onClick={() => void undo.undo()}
          >
            Undo
          </Button>
        </div>
      )}
    </div>
  )
}

/** In a field with text, the keys undo typing. */
function isTyping({ target }: KeyboardEvent): boolean {
  return target instanceof HTMLElement && target.matches('input, textarea') && !isEmpty(target)
}

function isEmpty(field: HTMLElement): boolean {
  return 'value' in field && field.value === ''
}
