'use client'

import { createContext, use, useCallback } from 'react'
import { useAnswer } from './use-answer'

/** Whether the database lets the user change the todos of the one list on screen; null in the user's own views. */
export const MayEdit = createContext<boolean | null>(null)

/** Says of a list whether the user may change its todos; of the private one (null), they always may. */
export function useMayEdit(): (listId: string | null) => boolean {
  const here = use(MayEdit)
  const { answer: lists } = useAnswer('lists', {})
  return useCallback(
    (listId) =>
      here ?? (listId === null || (lists?.find(({ id }) => id === listId)?.mayEdit ?? true)),
    [here, lists],
  )
}
