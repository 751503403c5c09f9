/** A refusal that says how long to wait: the answer's `retry-after` header repeats it. */
import { ProxyError, type ErrorCode, type ErrorFields } from '../errors'

export class Throttled extends ProxyError {
  /** Whole seconds, at least one. */
  readonly seconds: number

  /** @param ms until the request may be sent again */
  constructor(code: ErrorCode, message: string, ms: number, fields: ErrorFields = {}) {
    const seconds = Math.max(1, Math.ceil(ms / 1000))
    super(code, message, { hint: `Wait ${seconds} s, then try again.`, ...fields })
    this.seconds = seconds
  }
}
