/** What is known of the schema, for finding interests: remembered until it changes. */
import type { Authenticated } from '../auth/authenticate'
import type { SessionKey } from '../auth/session-key'
import type { Pool } from '../postgres/pool'
import { OWN_WORK, type WorkContext } from '../threads/work-context'
import type { WorkThreads } from '../threads/work-threads'
import type { Bound } from './bound'
import { findInterest, type Interest, type Subject } from './interest'
import type { Declared } from './listener'
import type { Reads } from './reads'
import { Sources } from './sources'

export type KnowledgeSettings = {
  readonly sessionKey: SessionKey
  readonly pool: Pool
  readonly threads: WorkThreads
  readonly checkMs: number
  /** Reads what the owner has declared. */
  readonly declared: () => Promise<Declared>
}

export class Knowledge {
  readonly #settings: KnowledgeSettings
  readonly #sources: Sources
  readonly #bound = new Map<string, Promise<boolean>>()
  readonly #audiences = new Map<string, Promise<Reads>>()
  #declared: Promise<Declared> | undefined

  constructor(settings: KnowledgeSettings) {
    this.#settings = settings
    this.#sources = new Sources(settings.pool)
  }

  /** The schema has changed. */
  forget(): void {
    this.#declared = undefined
    this.#sources.forget()
    this.#bound.clear()
    this.#audiences.clear()
  }

  /** @throws ProxyError live_refused */
  findReads(sql: string, context: WorkContext): Promise<Reads> {
    const { threads, checkMs } = this.#settings
    return threads.run('findReads', sql, context, checkMs)
  }

  /** @throws ProxyError live_refused */
  interestOf(
    reads: Reads,
    { identity, token }: Authenticated,
    ask: Subject['ask'],
  ): Promise<Interest> {
    const { sessionKey, threads, checkMs } = this.#settings
    const settings = {
      sources: this.#sources,
      sessionKey,
      declared: () => this.#allDeclared(),
      // The owner has declared them, so there are few, and no user is charged for them.
      findReads: (audience: string) =>
        remembered(this.#audiences, audience, () => this.findReads(audience, OWN_WORK)),
      isBound: (bound: Bound) =>
        remembered(this.#bound, JSON.stringify(bound), () =>
          threads.run('isBound', bound, OWN_WORK, checkMs),
        ),
    }
    return findInterest(settings, reads, { identity, userId: token?.subject ?? '', ask })
  }

  #allDeclared(): Promise<Declared> {
    const declared = (this.#declared ??= this.#settings.declared())
    declared.catch(() => {
      if (this.#declared === declared) this.#declared = undefined
    })
    return declared
  }
}

/** A failure is not remembered. */
function remembered<T>(
  known: Map<string, Promise<T>>,
  key: string,
  find: () => Promise<T>,
): Promise<T> {
  const value = known.get(key) ?? find()
  known.set(key, value)
  value.catch(() => {
    known.delete(key)
  })
  return value
}
