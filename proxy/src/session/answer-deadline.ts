/** How long Postgres may take for an answer, and, once it is cancelled, until it ends. */

export type DeadlineSettings = {
  readonly ms: number
  /** @returns whether to wait for the end of what was cancelled */
  readonly onDue: () => boolean
  readonly onOverdue: () => void
}

/** How long a cancelled statement may take to end. */
const CANCELLED_MS = 2_000

export class AnswerDeadline {
  readonly #settings: DeadlineSettings
  #timer: NodeJS.Timeout | undefined

  constructor(settings: DeadlineSettings) {
    this.#settings = settings
  }

  /** From now on. */
  start(): void {
    this.stop()
    const { ms, onDue, onOverdue } = this.#settings
    this.#timer = setTimeout(() => {
      if (onDue()) this.#timer = setTimeout(onOverdue, CANCELLED_MS)
    }, ms)
  }

  stop(): void {
    clearTimeout(this.#timer)
  }
}
