/** Changes a list or its members, says why it failed, and reads again what may have changed. */
import { useState } from 'react'
import type { Place } from '@/app/shell/place'
import { failureMessage } from './messages'
import type { Perform } from './operations'
import { askAgain } from './use-answer'
import { usePerform } from './use-perform'

/** @param place of a page that is in neither of both */
export function useAct(place?: Place) {
  const perform = usePerform(place)
  const [isBusy, setIsBusy] = useState(false)
  const [failure, setFailure] = useState<string | null>(null)

  const act: Perform = async (name, input) => {
    setIsBusy(true)
    const result = await perform(name, input)
    setFailure(result.ok ? null : failureMessage(name, result.problem))
    // After a refusal, too: the screen then no longer offers what is refused.
    await askAgain()
    setIsBusy(false)
    return result
  }
  return { act, isBusy, failure }
}
