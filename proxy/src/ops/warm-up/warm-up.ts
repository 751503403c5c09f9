/**
 * What the first request needs has been used before readiness is announced. Without this it took 45
 * times as long as a warm one; bench/results.md says what is left of that.
 */
import { setTimeout as wait } from 'node:timers/promises'
import { within } from '../../cancellation'
import { ProxyError } from '../../errors'
import type { Gate } from '../../gate/gate'
import type { Pool } from '../../postgres/pool'
import type { Tokens } from '../../auth/tokens/open-tokens'
import type { KnownStatements } from './known-statements'
import { rehearseKeys } from './provider-keys'
import { rehearse, type RehearsalSettings } from './requests'

export type WarmUpSettings = RehearsalSettings & {
  readonly tokens: Pick<Tokens, 'providers' | 'verifyToken'>
  readonly pool: Pool
  /** How many sessions to open. */
  readonly sessions: number
  readonly known: KnownStatements
  /**
   * The one that requests meet: under an allow-list, only what stands on it is to be prepared. But
   * not one that records, or the list would name what nobody has asked for.
   */
  readonly gate: Gate
}

/** How soon Postgres is noticed: asking where nobody listens costs 1 ms, and leaves no trace. */
const PAUSE_MS = 50
/** After Postgres itself said no: each time is a line in its log. */
const REFUSED_PAUSE_MS = 1_000
/** It starts, and will be there in a moment. */
const CANNOT_CONNECT_NOW = '57P03'
const ATTEMPT_MS = 5_000

/** Runs in the background; requests that come meanwhile are served, and a failure only leaves it cold. */
export class WarmUp {
  readonly #settings: WarmUpSettings
  readonly #end = new AbortController()
  #isOver = false

  constructor(settings: WarmUpSettings) {
    this.#settings = settings
  }

  get isOver(): boolean {
    return this.#isOver
  }

  start(): void {
    void warmUp(this.#settings, this.#end.signal)
      .catch(() => undefined)
      .finally(() => {
        this.stop()
      })
  }

  stop(): void {
    this.#isOver = true
    this.#end.abort()
  }
}

async function warmUp(settings: WarmUpSettings, signal: AbortSignal): Promise<void> {
  const { tokens, pool, sessions, known, gate } = settings
  await rehearseKeys(tokens.providers.all, tokens.verifyToken)
  await known.judge(gate)
  // Brings nothing for the first request, but 80 ms less until ready for those who wait for Postgres.
  await rehearse(settings, 'refused', { times: 30, ms: 500, signal })
  await postgresIsThere(pool, sessions, signal)
  await rehearse(settings, 'answered', { times: 100, ms: 150, signal })
}

async function postgresIsThere(pool: Pool, sessions: number, signal: AbortSignal): Promise<void> {
  for (;;) {
    signal.throwIfAborted()
    const error = await openSessions(pool, sessions)
    if (error === undefined) return
    const code = error instanceof ProxyError ? error.fields.code : undefined
    const isComing = code === undefined || code === CANNOT_CONNECT_NOW
    await wait(isComing ? PAUSE_MS : REFUSED_PAUSE_MS, undefined, { signal, ref: false })
  }
}

/** They stay in the pool. Returns why there is none. */
async function openSessions(pool: Pool, count: number): Promise<unknown> {
  const attempts = await Promise.allSettled(
    Array.from({ length: count }, () =>
      within(ATTEMPT_MS, (cancellation) => pool.acquire(cancellation)),
    ),
  )
  const opened = attempts.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))
  for (const connection of opened) await pool.release(connection)
  return opened.length > 0 ? undefined : attempts.find((one) => one.status === 'rejected')?.reason
}
