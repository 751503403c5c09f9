/** On whose behalf work is done, and who is told what it cost. */
import { Cancellation } from '../cancellation'

export type WorkContext = {
  /** Whose turn it is, and whose CPU time. */
  readonly user: string
  /** What still waits when this is cancelled is not begun. */
  readonly cancellation: Cancellation
  /** Told the CPU milliseconds that were really used, also by work that failed or was ended. */
  readonly spendCpu: (ms: number) => void
}

/** Work of the proxy itself, which counts against no user. */
export const OWN_WORK: WorkContext = {
  user: '',
  cancellation: new Cancellation(),
  spendCpu: () => undefined,
}
