/** Problems with todos: one set of codes for server and browser. */

export const problems = [
  'busy',
  'full',
  'gone',
  'invalid-task',
  'last-owner',
  'not-invited',
  'refused',
  'signed-out',
  'unexpected',
  'unknown-outcome',
  'unreachable',
] as const

export type Problem = (typeof problems)[number]

export type Result<T> = { ok: true; value: T } | { ok: false; problem: Problem }

export const succeeded = <T>(value: T) => ({ ok: true, value }) as const
export const failed = (problem: Problem) => ({ ok: false, problem }) as const

/** Whether the database may differ from the list, so that it must be read again. */
export function mayHaveChanged(problem: Problem): boolean {
  return problem === 'gone' || problem === 'unknown-outcome'
}

/** Classifies an error of a network call. */
export function callProblem(error: unknown): Problem {
  return error instanceof Error && isUnreachable(error) ? 'unreachable' : 'unexpected'
}

function isUnreachable(error: Error): boolean {
  // An AbortSignal.timeout.
  if (error.name === 'TimeoutError') return true
  // A failed `fetch` is a TypeError in every browser and in Node, with different messages.
  return error instanceof TypeError && /fetch|network|load failed/i.test(error.message)
}
