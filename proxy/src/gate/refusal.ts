/** A statement is not allowed, for a reason that reads as a sentence about it. */
export class Refusal extends Error {
  override readonly name = 'Refusal'
  /** Byte offset in the SQL text where the reason lies, when the parser knows it. */
  readonly offset: number | undefined

  constructor(reason: string, at?: Readonly<Record<string, unknown>>) {
    super(reason)
    const location = at?.location
    this.offset = typeof location === 'number' && location >= 0 ? location : undefined
  }
}
