/** A refusal with a waiting time, which is sent as `retry-after`. */
import { ProxyError, type ErrorCode, type ErrorFields } from '../errors'

export class Throttled extends ProxyError {
  /** Whole seconds, at least one. */
  readonly seconds: number

  /** @param ms time until a retry makes sense */
  constructor(code: ErrorCode, message: string, ms: number, fields: ErrorFields = {}) {
    const seconds = Math.max(1, Math.ceil(ms / 1000))
    super(code, message, { hint: `Wait ${seconds} s, then try again.`, ...fields })
    this.seconds = seconds
  }
}
