/** What can go wrong with a todo: one set of codes that crosses from server to browser. */

export type Problem =
  | 'busy'
  | 'full'
  | 'gone'
  | 'invalid-task'
  | 'refused'
  | 'signed-out'
  | 'unexpected'
  | 'unknown-outcome'
  | 'unreachable'

export type Result<T> = { ok: true; value: T } | { ok: false; problem: Problem }

export const succeeded = <T>(value: T) => ({ ok: true, value }) as const
export const failed = (problem: Problem) => ({ ok: false, problem }) as const

/** The database may hold something else than the list does: it has to be read again. */
export function mayHaveChanged(problem: Problem): boolean {
  return problem === 'gone' || problem === 'unknown-outcome'
}

/** Finds what went wrong when a call over the network threw. */
export function callProblem(error: unknown): Problem {
  return error instanceof Error && isUnreachable(error) ? 'unreachable' : 'unexpected'
}

function isUnreachable(error: Error): boolean {
  // An AbortSignal.timeout.
  if (error.name === 'TimeoutError') return true
  // A failed `fetch` is a TypeError in every browser and in Node, each with words of its own.
  return error instanceof TypeError && /fetch|network|load failed/i.test(error.message)
}
