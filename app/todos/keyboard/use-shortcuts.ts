'use client'
/** Runs the handlers of pressed shortcuts. */
import { useEffect, useRef } from 'react'
import { shortcutFor, type Place, type ShortcutId } from './shortcuts'

/** What a shortcut does; `row` is the id of the todo that has the focus. Returning false leaves the key to the browser. */
export type ShortcutHandlers = Partial<Record<ShortcutId, (row: string | null) => unknown>>

export function useShortcuts(handlers: ShortcutHandlers): void {
  const latest = useRef(handlers)
  useEffect(() => {
    latest.current = handlers
  })
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented) return
      const target = event.target instanceof Element ? event.target : document.body
      const id = shortcutFor(event, placeOf(target))
      const handler = id === null ? undefined : latest.current[id]
      if (!handler) return
      const row = target.closest<HTMLElement>('[data-todo]')?.dataset.todo ?? null
      if (handler(row) !== false) event.preventDefault()
    }
    document.addEventListener('keydown', onKeyDown)
    return () => {
      document.removeEventListener('keydown', onKeyDown)
    }
  }, [])
}

function placeOf(target: Element): Place {
  return {
    isField:
      target.matches('input, textarea, select') ||
      (target instanceof HTMLElement && target.isContentEditable),
    isControl: target.matches('a, button, summary, [role=checkbox], [role=menuitem]'),
    isInLayer:
      target.closest('dialog, [popover], [role=dialog], [role=alertdialog], [role=menu]') !== null,
    // In its details, keys belong to what is there: Delete on a button must not delete the todo.
    isInRow: target.closest('[data-todo]') !== null && target.closest('[role=group]') === null,
  }
}
