/** A statement is not allowed; the message is a sentence about it. */
export class Refusal extends Error {
  override readonly name = 'Refusal'
  /** Byte offset of the cause in the SQL text, if known. */
  readonly offset: number | undefined

  constructor(reason: string, at?: Readonly<Record<string, unknown>>) {
    super(reason)
    const location = at?.location
    this.offset = typeof location === 'number' && location >= 0 ? location : undefined
  }
}
