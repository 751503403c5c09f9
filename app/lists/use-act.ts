/** Changes a list or its members, says why it failed, and reads again what may have changed. */
import { useState } from 'react'
import type { Place } from '@/app/shell/place'
import { reason } from '@/app/todos/messages'
import type { Problem } from '@/lib/problem'
import type { Name, Perform } from './operations'
import { askAgain } from './use-answer'
import { usePerform } from './use-perform'

/** Loaded when it is needed: most of the time, nothing fails. */
async function messageOf(name: Name, problem: Problem): Promise<string> {
  try {
    return (await import('./messages')).failureMessage(name, problem)
  } catch {
    return `That did not work. ${reason(problem)}`
  }
}

/** @param place of a page that is in neither of both */
export function useAct(place?: Place) {
  const perform = usePerform(place)
  const [isBusy, setIsBusy] = useState(false)
  const [failure, setFailure] = useState<string | null>(null)

  const act: Perform = async (name, input) => {
    setIsBusy(true)
    const result = await perform(name, input)
    setFailure(result.ok ? null : await messageOf(name, result.problem))
    // After a refusal, too: the screen then no longer offers what is refused.
    await askAgain()
    setIsBusy(false)
    return result
  }
  return { act, isBusy, failure }
}
