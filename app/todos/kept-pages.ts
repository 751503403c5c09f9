/**
 * What a user's lists held when they were last read, kept in IndexedDB, so that a device without a connection
 * still shows them. Rows of another user are removed before anything is kept, and all of them on signing out.
 *
 * Every function tolerates a browser that keeps nothing.
 */
import type { KeptPages } from './received'
import type { TodoQuery } from './query-schema'

/** After signing out, what is still on its way here comes too late. */
let mayKeep = true

const DATABASE = 'todos'
const STORE = 'pages'
const keyOf = (userId: string, query: TodoQuery) => [userId, JSON.stringify(query)]
const notesKeyOf = (userId: string, id: string) => [userId, `notes ${id}`]

export async function keepPages(userId: string, query: TodoQuery, pages: KeptPages): Promise<void> {
  if (mayKeep) await within('readwrite', (store) => store.put(pages, keyOf(userId, query)))
}

export async function keptPages(userId: string, query: TodoQuery): Promise<KeptPages | null> {
  const found = await within('readonly', (store) => store.get(keyOf(userId, query)))
  if (found === undefined) return null
  const { parsePages } = await import('./received')
  return parsePages(found)
}

/** The notes of one todo, for the same purpose. */
export async function keepNotes(userId: string, id: string, notes: string): Promise<void> {
  if (mayKeep) await within('readwrite', (store) => store.put(notes, notesKeyOf(userId, id)))
}

export async function keptNotes(userId: string, id: string): Promise<string | null> {
  const found = await within('readonly', (store) => store.get(notesKeyOf(userId, id)))
  return typeof found === 'string' ? found : null
}

/** Removes what is kept of every user but one. Without one, of all. */
export async function forgetPages(exceptUserId?: string): Promise<void> {
  mayKeep = exceptUserId !== undefined
  if (exceptUserId === undefined) {
    await within('readwrite', (store) => store.clear())
    return
  }
  // Keys are arrays, and those of one user lie between these two.
  const from: IDBValidKey = [exceptUserId]
  const to: IDBValidKey = [exceptUserId, []]
  await within('readwrite', (store) => store.delete(IDBKeyRange.upperBound(from, true)))
  await within('readwrite', (store) => store.delete(IDBKeyRange.lowerBound(to, true)))
}

async function within(
  mode: IDBTransactionMode,
  work: (store: IDBObjectStore) => IDBRequest,
): Promise<unknown> {
  try {
    const database = await open()
    try {
      return await outcome(work(database.transaction(STORE, mode).objectStore(STORE)))
    } finally {
      database.close()
    }
  } catch {
    return undefined
  }
}

function open(): Promise<IDBDatabase> {
  const request = indexedDB.open(DATABASE, 1)
  request.onupgradeneeded = () => {
    request.result.createObjectStore(STORE)
  }
  return outcome(request)
}

function outcome<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => {
      resolve(request.result)
    }
    request.onerror = () => {
      reject(request.error ?? new DOMException('IndexedDB failed', 'UnknownError'))
    }
  })
}
