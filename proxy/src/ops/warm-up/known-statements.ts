/** The expected statements that pass the gate. */
import type { Gate } from '../../gate/gate'

export class KnownStatements {
  readonly #texts: readonly string[]
  readonly #accepted: string[] = []

  constructor(texts: readonly string[]) {
    this.#texts = texts
  }

  /** Empty until they have been judged. */
  get accepted(): readonly string[] {
    return this.#accepted
  }

  /** Fills the gate's cache, so that requests need not wait for the parser. */
  async judge(gate: Gate): Promise<void> {
    for (const sql of this.#texts) {
      await gate(sql).then(
        () => this.#accepted.push(sql),
        // A request with this statement will get the refusal.
        () => undefined,
      )
    }
  }
}
