/** Keeps count of one answer, so that reading stops early when it grows beyond what may be sent. */
import { ProxyError } from '../errors'

export class AnswerBuffer {
  readonly #maxBytes: number
  readonly #maxRows: number
  #bytes = 0
  #rows = 0

  constructor(maxBytes: number, maxRows: number) {
    this.#maxBytes = maxBytes
    this.#maxRows = maxRows
  }

  get rows(): number {
    return this.#rows
  }

  /** @throws ProxyError answer_too_large; the count runs over all statements of a batch */
  countRow(bytes: number): void {
    this.#rows++
    if (this.#rows > this.#maxRows) throw tooManyRows(this.#maxRows)
    this.countBytes(bytes)
  }

  countBytes(bytes: number): void {
    this.#bytes += bytes
    if (this.#bytes > this.#maxBytes) throw answerTooLarge(this.#maxBytes)
  }
}

export function answerTooLarge(maxBytes: number): ProxyError {
  return new ProxyError('answer_too_large', `response is too large (max is ${maxBytes} bytes)`, {
    hint: 'Ask for fewer rows or columns, with LIMIT for example.',
  })
}

function tooManyRows(maxRows: number): ProxyError {
  return new ProxyError('answer_too_large', `response has too many rows (max is ${maxRows} rows)`, {
    hint: 'Ask for fewer rows, with LIMIT for example.',
  })
}
