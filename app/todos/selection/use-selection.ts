'use client'
/** The selected rows of one list. On a phone, a mode shows a checkbox in each row. */
import { useMemo, useState } from 'react'
import { beginAt, extend, keepShown, noSelection, selectAll, toggle } from './selection'

export type Selecting = ReturnType<typeof useSelection>

/** @param shown the ids of the rows, in their order */
export function useSelection(shown: readonly string[]) {
  const [state, setState] = useState(noSelection)
  const [isOn, setIsOn] = useState(false)
  const selection = useMemo(() => keepShown(state, shown), [state, shown])

  return {
    ids: selection.ids,
    /** Rows show that they can be selected. */
    isOn: isOn || selection.ids.size > 0,
    begin: () => {
      setIsOn(true)
    },
    toggle: (id: string) => {
      setState(toggle(selection, id))
    },
    /** @param from where the range begins, if this row is not in one yet */
    extend: (id: string, from?: string) => {
      const begun =
        from === undefined || selection.ids.has(from) ? selection : beginAt(selection, from)
      setState(extend(begun, id, shown))
    },
    all: () => {
      setState(selectAll(shown))
    },
    release: () => {
      setState(noSelection)
      setIsOn(false)
    },
  }
}
