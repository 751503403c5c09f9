/**
 * Adds many todos in batches. Each batch is one statement that adds what is not there yet, so it can be repeated:
 * after a lost connection, a pause of the database, or the whole import another day.
 */
import { batches } from '@/app/todos/batches'
import type { Problem, Result } from '@/lib/problem'

type Outcome = {
  /** Of these batches, all todos are in the list now. */
  done: number
  added: number
  /** Why the rest is not; null when all of it is, or the user has cancelled. */
  problem: Problem | null
}

type Options<T> = {
  /** Adds the todos that are not there yet, and says how many. */
  save: (batch: T[]) => Promise<Result<number>>
  onProgress: (done: number) => void
  signal: AbortSignal
  wait?: (ms: number, signal: AbortSignal) => Promise<void>
}

/** How long to wait before a batch is tried again. The database's budget for a user refills within seconds. */
const pauses = [1_000, 2_000, 4_000, 8_000, 15_000]

export async function importTodos<T extends { task: string; notes: string }>(
  todos: readonly T[],
  { save, onProgress, signal, wait = sleep }: Options<T>,
): Promise<Outcome> {
  const isCancelled = () => signal.aborted
  let [done, added] = [0, 0]
  for (const batch of batches(todos)) {
    let result = await save(batch)
    for (const pause of pauses) {
      if (result.ok || !isTemporary(result.problem) || isCancelled()) break
      await wait(pause, signal)
      if (isCancelled()) break
      result = await save(batch)
    }
    if (!result.ok) return { done, added, problem: isCancelled() ? null : result.problem }
    done += batch.length
    added += result.value
    onProgress(done)
    if (isCancelled()) break
  }
  return { done, added, problem: null }
}

/** Repeating is safe even if the batch may have been saved. */
function isTemporary(problem: Problem): boolean {
  return problem === 'busy' || problem === 'unreachable' || problem === 'unknown-outcome'
}

function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms)
    signal.addEventListener('abort', () => {
      clearTimeout(timer)
      resolve()
    })
  })
}
