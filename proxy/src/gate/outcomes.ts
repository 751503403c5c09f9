/**
 * Caches the gate's outcome for each text, without revealing by time whether another user has sent it: a
 * text with constants or a comment, and a refused text, are cached separately for each user.
 */
import { createHash } from 'node:crypto'
import type { ProxyError } from '../errors'
import { LruMap } from '../lru-map'
import type { Verdict } from './decide'

export type Outcome = Verdict | ProxyError
/** Shared, or by user. */
type Entry = Outcome | Map<string, Outcome>

/** A flood of distinct statements only evicts entries. */
const MOST_TEXTS = 5_000
const MOST_BYTES = 8 * 1024 * 1024
/** Longer texts are keyed by their hash, which saves memory. */
const MAX_TEXT_LENGTH = 16 * 1024
const MOST_USERS = 1_000
const ENTRY_BYTES = 200

export class Outcomes {
  readonly #short = new LruMap<Entry>(MOST_TEXTS, MOST_BYTES)
  /** Separate, so that a text that looks like a hash is not confused with a long text. */
  readonly #long = new LruMap<Entry>(MOST_TEXTS, MOST_BYTES)

  get(sql: string, user: string): Outcome | undefined {
    const entry = sql.length <= MAX_TEXT_LENGTH ? this.#short.get(sql) : this.#long.get(hashOf(sql))
    return entry instanceof Map ? entry.get(user) : entry
  }

  set(sql: string, user: string, outcome: Outcome): void {
    const isLong = sql.length > MAX_TEXT_LENGTH
    const texts = isLong ? this.#long : this.#short
    const key = isLong ? hashOf(sql) : sql
    const isShared = !(outcome instanceof Error) && !outcome.holdsContent
    const entry = isShared ? outcome : withUser(texts.get(key), user, outcome)
    const users = entry instanceof Map ? entry.size : 1
    texts.set(key, entry, key.length * 2 + users * ENTRY_BYTES)
  }
}

function withUser(known: Entry | undefined, user: string, outcome: Outcome): Entry {
  const users = known instanceof Map ? known : new Map<string, Outcome>()
  for (const oldest of users.keys()) {
    if (users.size < MOST_USERS) break
    users.delete(oldest)
  }
  return users.set(user, outcome)
}

function hashOf(sql: string): string {
  return createHash('sha256').update(sql, 'utf8').digest('base64')
}
