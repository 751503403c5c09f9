'use client'
/** Roving focus: the list is one stop of the Tab key, and the arrow keys go from row to row. */
import { useEffect, useReducer, useState, type RefObject } from 'react'

type Options = {
  list: RefObject<HTMLElement | null>
  /** The ids of all rows, in the document or not. */
  rows: readonly string[]
  /** The row to focus once it is in the document. */
  wantedRef: RefObject<string | null>
  scrollTo: (index: number) => void
}

export function useRowFocus({ list, rows, wantedRef, scrollTo }: Options) {
  const [last, setLast] = useState<string | null>(null)
  const [, renderAgain] = useReducer((count: number) => count + 1, 0)
  const current = last !== null && rows.includes(last) ? last : (rows[0] ?? null)

  useEffect(() => {
    const id = wantedRef.current
    const row = id === null ? null : rowElement(list.current, id)
    if (!row) return
    wantedRef.current = null
    row.focus({ preventScroll: true })
  })

  function focus(id: string | undefined) {
    const index = id === undefined ? -1 : rows.indexOf(id)
    if (id === undefined || index === -1) return
    wantedRef.current = id
    setLast(id)
    // Also where it is the current row already, which a move has taken the focus from.
    renderAgain()
    scrollTo(index)
  }

  return {
    /** The row that Tab leads to. */
    current,
    /** Of a row that got the focus by itself. */
    note: setLast,
    focus,
    /** The row so many further down; from outside the list, its first or last row. */
    focusBy: (from: string | null, steps: number) => {
      if (from === null) focus(steps > 0 ? (current ?? undefined) : rows.at(-1))
      else focus(rows[Math.max(0, Math.min(rows.length - 1, rows.indexOf(from) + steps))])
    },
  }
}

function rowElement(list: HTMLElement | null, id: string): HTMLElement | null {
  return list?.querySelector<HTMLElement>(`[data-todo="${CSS.escape(id)}"]`) ?? null
}
