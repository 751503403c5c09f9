/** The lines of one session in the access log: one for each answer, and one for what ended it. */
import { ProxyError } from '../errors'
import { placesOf, type Log } from '../http/logger'

export class SessionLog {
  readonly #log: Log
  readonly #id: string
  readonly #role: string
  /** Of the first message since the last answer. */
  #startedAt: number | undefined
  /** An error of the proxy's own. */
  #unexpected: unknown

  constructor(log: Log, id: string, role: string) {
    this.#log = log
    this.#id = id
    this.#role = role
  }

  /** A message has arrived. */
  begin(): void {
    this.#startedAt ??= performance.now()
  }

  /** @param thrown what the client is told of in general words, unless it is the proxy's own error */
  refuse(thrown: unknown): void {
    this.#unexpected = thrown instanceof ProxyError ? undefined : thrown
  }

  /** @param error undefined if it succeeded */
  write(error: ProxyError | undefined, rows: number | null): void {
    const now = performance.now()
    const ms = Math.round((now - (this.#startedAt ?? now)) * 100) / 100
    const at = this.#unexpected === undefined ? {} : { at: placesOf(this.#unexpected) }
    this.#startedAt = this.#unexpected = undefined
    const head = { id: this.#id, role: this.#role, ms }
    if (error === undefined) this.#log({ ...head, status: 200, rows })
    else this.#log({ ...head, status: error.status, rows: null, code: error.code, ...at })
  }
}
