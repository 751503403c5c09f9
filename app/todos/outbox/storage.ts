/**
 * Keeps one user's outbox in the browser's localStorage. Each entry has a key of its own, so that two tabs
 * that write at the same time cannot lose each other's entries.
 */
import type { Entry } from './entry-schema'

export type OutboxStorage = {
  /** Every entry that is kept, in the order of sending. */
  readonly read: () => Entry[]
  /** @returns whether the entry is kept; false if storage is full or forbidden */
  readonly write: (entry: Entry) => boolean
  readonly remove: (entry: Entry) => void
  /** Whether a `storage` event with this key concerns this outbox. */
  readonly owns: (key: string | null) => boolean
}

/** The part of the Web Storage interface that is needed. */
export type KeyValues = Pick<Storage, 'getItem' | 'setItem' | 'removeItem' | 'key' | 'length'>

/** Checks what others have written: another tab, a former visit, or anything else. Null for what is no entry. */
export type ParseEntry = (text: string) => Entry | null

/**
 * @param open may throw: a browser can forbid even the access to `localStorage`
 * @param parse is asked for text that this tab has not written itself
 */
export function outboxStorage(
  userId: string,
  open: () => KeyValues,
  parse: ParseEntry,
): OutboxStorage {
  const prefix = `outbox:${userId}:`
  const keyOf = ({ id }: Entry) => `${prefix}${id}`
  // The same text gives the same object, so that a row that did not change is not rendered again.
  const known = new Map<string, Entry>()
  const parseOnce = (text: string) => {
    const entry = known.get(text) ?? parse(text)
    if (entry) known.set(text, entry)
    return entry ? [entry] : []
  }
  return {
    read: () => attempt(() => readAll(open(), prefix, parseOnce), []),
    write: (entry) =>
      attempt(() => {
        const text = JSON.stringify(entry)
        open().setItem(keyOf(entry), text)
        known.set(text, entry)
        return true
      }, false),
    remove: (entry) => {
      attempt(() => {
        known.delete(JSON.stringify(entry))
        open().removeItem(keyOf(entry))
      }, undefined)
    },
    // A null key means that everything was cleared.
    owns: (key) => key === null || key.startsWith(prefix),
  }
}

function readAll(values: KeyValues, prefix: string, parse: (text: string) => Entry[]): Entry[] {
  const keys = Array.from({ length: values.length }, (_, index) => values.key(index))
  return keys
    .filter((key) => key?.startsWith(prefix))
    .flatMap((key) => parse(values.getItem(key ?? '') ?? ''))
    .sort((a, b) => a.order - b.order || (a.id < b.id ? -1 : 1))
}

function attempt<T>(work: () => T, otherwise: T): T {
  try {
    return work()
  } catch {
    return otherwise
  }
}
