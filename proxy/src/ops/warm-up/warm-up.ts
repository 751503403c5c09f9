/**
 * Exercises everything that the first request needs, before readiness is reported. Without this, the first
 * request took 45 times as long as a warm one; bench/results.md has today's figure.
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
   * The gate that requests use: with an allow-list, only its statements may be prepared. But never a
   * recording one, or the list would contain statements that no client has sent.
   */
  readonly gate: Gate
}

/** Pause between attempts to reach Postgres. A refused connection costs 1 ms and leaves no trace. */
const PAUSE_MS = 50
/** Pause after a refusal by Postgres itself, because each attempt is a line in its log. */
const REFUSED_PAUSE_MS = 1_000
/** Postgres is starting. */
const CANNOT_CONNECT_NOW = '57P03'
const ATTEMPT_MS = 5_000

/** Runs in the background while requests are served. If it fails, the proxy just stays cold. */
export class WarmUp {
  readonly #settings: WarmUpSettings
  readonly #end = new AbortController()
  #isOver = false
  #onOver: () => void = () => undefined
  /** Resolves when it is over. */
  readonly over = new Promise<void>((resolve) => {
    this.#onOver = resolve
  })

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
    this.#onOver()
  }
}

async function warmUp(settings: WarmUpSettings, signal: AbortSignal): Promise<void> {
  const { tokens, pool, sessions, known, gate } = settings
  await rehearseKeys(tokens.providers.all, tokens.verifyToken)
  await known.judge(gate)
  // Does not help the first request, but makes the proxy ready 80 ms sooner after Postgres appears.
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

/** Opens sessions, which stay in the pool. Returns the reason if there is none. */
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
