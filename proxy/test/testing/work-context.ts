/** A work context for a user that records the cost. */
import { Cancellation } from '../../src/cancellation'
import type { WorkContext } from '../../src/threads/work-context'

export type RecordedContext = WorkContext & {
  /** CPU milliseconds of each piece of work. */
  readonly cpu: readonly number[]
}

export function contextOf(user: string, cancellation = new Cancellation()): RecordedContext {
  const cpu: number[] = []
  return { user, cancellation, cpu, spendCpu: (ms) => cpu.push(ms) }
}
