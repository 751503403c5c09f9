/** Who a piece of work is for, and where its cost is charged. */
import { Cancellation } from '../cancellation'

export type WorkContext = {
  /** The user whose turn and CPU time it takes. */
  readonly user: string
  /** Cancels work that has not begun. */
  readonly cancellation: Cancellation
  /** Called with the CPU milliseconds used, also for work that failed or was ended. */
  readonly spendCpu: (ms: number) => void
}

/** The context of the proxy's own work, which counts against no user. */
export const OWN_WORK: WorkContext = {
  user: '',
  cancellation: new Cancellation(),
  spendCpu: () => undefined,
}
