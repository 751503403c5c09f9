'use client'

import { useAnswer } from '@/app/lists/use-answer'
import type { TargetList } from './selection-bar'

/** The lists to which the user may add todos, the private one first. */
export function useTargetLists(): readonly TargetList[] {
  const { answer } = useAnswer('lists', {})
  const shared = (answer ?? []).filter(({ mayEdit }) => mayEdit)
  return [{ id: null, name: 'My todos' }, ...shared.map(({ id, name }) => ({ id, name }))]
}
