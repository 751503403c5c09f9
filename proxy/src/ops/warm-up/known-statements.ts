/** Statements that are sure to come, as far as the gate lets them through. */
import type { Gate } from '../../gate/gate'

export class KnownStatements {
  readonly #texts: readonly string[]
  readonly #accepted: string[] = []

  constructor(texts: readonly string[]) {
    this.#texts = texts
  }

  /** None before they were judged. */
  get accepted(): readonly string[] {
    return this.#accepted
  }

  /** The gate remembers its verdicts, so that no request waits for the parser. */
  async judge(gate: Gate): Promise<void> {
    for (const sql of this.#texts) {
      await gate(sql).then(
        () => this.#accepted.push(sql),
        // It will be told to whoever asks for it.
        () => undefined,
      )
    }
  }
}
