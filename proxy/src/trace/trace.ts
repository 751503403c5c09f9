/**
 * What one request passed, for the caller who asked to see it. It holds what the caller sent, and what was decided
 * about that: never the token, its signature, the sealed session or a key.
 */
import type { ErrorCode, ProxyError } from '../errors'
import type { Headers } from '../request/options'
import type { OutlinedStatement } from './outline'
import type { TableSeen } from './tables'

/** For pages: browsers send no header whose name begins with `Proxy-` (Fetch, "forbidden request-header"). */
export const PAGES_HEADER = 'X-Proxy-Trace'

export function asksForTrace(headers: Headers): boolean {
  return headers['proxy-trace'] === '1' || headers['x-proxy-trace'] === '1'
}

/** What each step saw, in the order of the steps. */
export type Seen = {
  readonly request: { readonly role: string; readonly database: string }
  readonly token: {
    readonly header?: Readonly<Record<string, unknown>>
    readonly claims?: Readonly<Record<string, unknown>>
  }
  readonly checks: { readonly checks: readonly CheckSeen[] }
  readonly limits: object
  readonly body: { readonly statements: number }
  readonly gate: { readonly statements: readonly OutlinedStatement[] }
  readonly pool: object
  readonly policies: { readonly tables: readonly TableSeen[] }
  /** `userId` is undefined for a role that may not call auth.user_id(). */
  readonly identity: { readonly role: string; readonly userId?: string | null }
  readonly plan: { readonly plans: readonly (readonly string[])[] }
  readonly postgres: { readonly statements: readonly SentStatement[] }
  readonly answer: { readonly rows: number }
}

export type StepName = keyof Seen

export type CheckSeen = { readonly check: string; readonly ms: number; readonly passed: boolean }

/** As it went to Postgres; values are sent apart from it, and are not in the trace. */
export type SentStatement = { readonly sql: string; readonly params: number }

type Facts = Partial<Seen[StepName]>

export type TraceStep = {
  readonly step: StepName
  readonly ms: number
  /** Without the message, which the error itself has. */
  readonly refused?: { readonly code: ErrorCode; readonly sqlstate?: string }
} & Facts

/** Notes the steps as they happen. A request that is refused ends its trace at the step that refused it. */
export class Tracer {
  readonly #steps: TraceStep[] = []
  #open: { step: StepName; since: number; seen: Facts } | undefined

  /**
   * Ends the step before it, which has passed. A step that begins again, in another attempt, replaces all from there on.
   * @param msAgo when it began
   */
  begin(step: StepName, msAgo = 0): void {
    this.end()
    const again = this.#steps.findIndex((known) => known.step === step)
    if (again >= 0) this.#steps.splice(again)
    this.#open = { step, since: performance.now() - msAgo, seen: {} }
  }

  /** Adds to what the step sees, which has begun. */
  see<K extends StepName>(step: K, seen: Seen[K]): void {
    if (this.#open?.step === step) Object.assign(this.#open.seen, seen)
  }

  /** @param ms when someone else has measured its time */
  end(ms?: number): void {
    const ended = this.#ended()
    if (ended === undefined) return
    this.#steps.push(ms === undefined ? ended : { ...ended, ms: rounded(ms) })
  }

  /** @param error of the step that has begun and not ended; undefined when all have passed */
  finish(error?: ProxyError): readonly TraceStep[] {
    const ended = this.#ended()
    if (ended === undefined || error === undefined)
      return ended ? [...this.#steps, ended] : this.#steps
    const { code, fields } = error
    const sqlstate = fields.code === undefined ? {} : { sqlstate: fields.code }
    return [...this.#steps, { ...ended, refused: { code, ...sqlstate } }]
  }

  #ended(): TraceStep | undefined {
    if (this.#open === undefined) return undefined
    const { step, since, seen } = this.#open
    this.#open = undefined
    return { step, ms: rounded(performance.now() - since), ...seen }
  }
}

/** To a microsecond. */
export function rounded(ms: number): number {
  return Math.round(Math.max(0, ms) * 1000) / 1000
}
