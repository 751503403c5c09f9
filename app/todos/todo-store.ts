/**
 * Everything that one user's todo screens share in this tab: the loaded pages, the outbox, and what can be undone.
 * It stays while the user goes from page to page, and hears of what happens in other tabs.
 */
import { QueryClient, replaceEqualDeep, type InfiniteData } from '@tanstack/react-query'
import { failed } from '@/lib/problem'
import { whenIdle } from '@/lib/when-idle'
import type { Change, ChangedTodo } from './change'
import { forgetPages, keepPages } from './kept-pages'
import { rememberUser } from './last-user'
import { settle, withSaved } from './list'
import type { Entry } from './outbox/entry-schema'
import { createOutbox } from './outbox/outbox'
import { outboxStorage } from './outbox/storage'
import type { TodoPage } from './query'
import type { BeginRequest, PageRequest, TodoQuery } from './query-schema'
import type { Saved } from './received'
import type { TodoSource } from './todo-source'
import { createUndo } from './undo'

export type PageParam = Omit<PageRequest, 'query'>
/** `isKept`: not read from the database, but what this device had. */
export type LoadedPages = InfiniteData<TodoPage, PageParam> & { isKept?: true }

/** As many todos as were asked for. */
export const sizeOf = ({ pageParams }: LoadedPages) =>
  pageParams.reduce((sum, { size }) => sum + size, 0)

export type TodoStore = ReturnType<typeof createTodoStore>

export const todosKey = (userId: string, query?: TodoQuery) =>
  query ? (['todos', userId, query] as const) : (['todos', userId] as const)

/** Below that of the lists, so that notes are read again when they are. */
export const notesKey = (userId: string, id: string) => [...todosKey(userId), 'notes', id] as const

/** So many answers are remembered, for undo. */
const REMEMBERED = 50
/** Rows are kept for offline reading when nothing has changed for so long. */
const KEEP_AFTER_MS = 1_000

/** A burst of the device's own changes causes one reading, after this time. */
const QUIET_MS = 3_000
/** By then, a live answer that was on its way when this device saved something has arrived. */
const LATE_MS = 1_000
const SOON_MS = 50

/** A page that is still there after this time was not left: its user chose to stay. */
const LEAVING_MS = 3_000

let current: TodoStore | undefined

/** The store of a user: the same one for all screens in a browser, a new one for each page on the server. */
export function todoStore(userId: string): TodoStore {
  if (typeof window === 'undefined') return createTodoStore(userId)
  if (current?.userId !== userId) current = createTodoStore(userId)
  return current
}

function createTodoStore(userId: string) {
  const client = new QueryClient()
  const channel = new EventTarget()
  const answers = new Map<string, ChangedTodo[]>()
  /** What this device has saved last. */
  let saved: { readonly change: Change; readonly rows: ChangedTodo[]; readonly at: number }[] = []
  let source: TodoSource | null = null
  /** When this device had the last word about what is on screen. */
  let shownAt = 0
  let showing: ReturnType<typeof setTimeout> | undefined
  let reading: ReturnType<typeof setTimeout> | undefined
  let isLeaving = false
  let isCheckMissing = false
  let staying: ReturnType<typeof setTimeout> | undefined
  let tellOtherTabs: (message: Saved) => void = () => undefined

  const storage = outboxStorage(userId, () => localStorage, parseEntry)
  const outbox = createOutbox({
    storage,
    exclusively: (work) => withLock(`outbox:${userId}`, work),
    canSend: () => source !== null && navigator.onLine && !isLeaving && !isCheckMissing,
    send: (change) => source?.save(change) ?? Promise.resolve(failed('unexpected')),
    onSaved: (entry, rows) => {
      show(entry, rows)
      tellOtherTabs({ entry, rows })
    },
    onDoubt: () => void client.invalidateQueries({ queryKey: todosKey(userId) }),
    newId: () => crypto.randomUUID(),
    now: Date.now,
  })

  const undo = createUndo({ outbox, answerTo })

  /** Writes what the database answered into every list that is loaded. */
  function show(entry: Entry, rows: ChangedTodo[]) {
    shownAt = performance.now()
    for (const [key, data] of client.getQueriesData<LoadedPages>({ queryKey: todosKey(userId) })) {
      if (!isTodosKey(key)) continue
      const [, , query] = key
      // It could not be read before, and what was saved says that it can be now.
      if (!data || data.isKept) {
        void client.invalidateQueries({ queryKey: key, exact: true })
        continue
      }
      const { pages, isSure } = settle(data.pages, query, entry.change, rows)
      // What is being read may be older than what was saved just now. To read it again at once would take a long list
      // as much work for each of many changes.
      if (isReading(key)) {
        void client.cancelQueries({ queryKey: key, exact: true })
        readWhenQuiet()
      }
      client.setQueryData<LoadedPages>(key, { ...data, pages })
      if (!isSure) void client.invalidateQueries({ queryKey: key, exact: true })
    }
    saved = [...saved, { change: entry.change, rows, at: shownAt }].slice(-REMEMBERED)
    const { change } = entry
    if (change.type === 'note') client.setQueryData(notesKey(userId, change.id), change.notes)
    // An entry may be answered in parts.
    answers.set(entry.id, [...(answers.get(entry.id) ?? []), ...rows])
    const oldest = answers.keys().next().value
    if (answers.size > REMEMBERED && oldest !== undefined) answers.delete(oldest)
    channel.dispatchEvent(new Event(entry.id))
  }

  /** An entry that this tab did not write shows when its check has been loaded. */
  function parseEntry(text: string): Entry | null {
    if (received) return received.parseEntry(text)
    // It may come before those of this tab, which wait for it.
    isCheckMissing = true
    void loadReceived()
      // Offline. The entry is kept, and shows with the next visit.
      .catch(() => undefined)
      .then(() => {
        isCheckMissing = false
        if (received === undefined) return
        outbox.reread()
        outbox.resume()
      })
    return null
  }

  /** Another tab may have sent the entry, and its message may still be on its way. */
  async function answerTo(entryId: string, isSent: boolean): Promise<ChangedTodo[] | null> {
    if (isSent && !answers.has(entryId)) {
      await new Promise((resolve) => {
        channel.addEventListener(entryId, resolve, { once: true })
        setTimeout(resolve, 1_000)
      })
    }
    return answers.get(entryId) ?? null
  }

  /**
   * The database has changed: the answer is shown, or else the lists are read. What this device has just saved is
   * shown already; then, they are read once it is quiet again.
   */
  function onDatabaseChange(request: BeginRequest, page: TodoPage | null) {
    clearTimeout(showing)
    clearTimeout(reading)
    if (page) showLive(request, page)
    else readWhenQuiet()
  }

  /** An answer may be older than what this device has just saved: then, that is shown on top for a moment. */
  function showLive(request: BeginRequest, page: TodoPage) {
    const { query, size } = request
    const key = todosKey(userId, query)
    const again = (ms: number) => {
      showing = setTimeout(() => {
        showLive(request, page)
      }, ms)
    }
    // What is being read may be older, and comes later.
    if (isReading(key)) {
      again(SOON_MS)
      return
    }
    const loaded = client.getQueryData<LoadedPages>(key)
    // More has been loaded meanwhile, and is listened to.
    if (loaded && sizeOf(loaded) !== size) return
    const recent = saved.filter(({ at }) => performance.now() - at < LATE_MS)
    const pages = withSaved(page, query, recent)
    // Of the notes, a page has the beginning only.
    void client.invalidateQueries({ queryKey: [...todosKey(userId), 'notes'] })
    client.setQueryData<LoadedPages>(key, (before) =>
      replaceEqualDeep(before, { pages, pageParams: [{ after: null, size }] }),
    )
    if (recent.length > 0) again(LATE_MS)
  }

  const isReading = (key: ReturnType<typeof todosKey>) =>
    client.isFetching({ queryKey: key, exact: true }) > 0

  function readWhenQuiet() {
    clearTimeout(reading)
    const wait = shownAt + QUIET_MS - performance.now()
    if (wait > 0) reading = setTimeout(readWhenQuiet, wait)
    else readAgain()
  }

  function readAgain() {
    void client.invalidateQueries({ queryKey: todosKey(userId) }, { cancelRefetch: false })
  }

  const reread = () => {
    outbox.reread()
  }

  /** Reads the lists on screen again, and sends what waits. */
  function refresh() {
    outbox.reread()
    outbox.resume()
    readAgain()
  }

  /** The browser aborts the requests of a page that it leaves. They are sent again, by the next page or by this one. */
  function onLeaving() {
    isLeaving = true
    clearTimeout(staying)
    staying = setTimeout(() => {
      isLeaving = false
      outbox.resume()
    }, LEAVING_MS)
  }

  /**
   * Sends changes through the source of the screen that is open (null: there is no way), and listens to the
   * browser and to other tabs, until the returned function is called.
   */
  function start(screen: TodoSource | null): () => void {
    source = screen
    const stop = new AbortController()
    const { signal } = stop
    const other = new BroadcastChannel(`todos:${userId}`)
    other.onmessage = ({ data }: MessageEvent<unknown>) => {
      void loadReceived().then(
        ({ parseSaved }) => {
          const saved = parseSaved(data)
          if (saved) show(saved.entry, saved.rows)
          outbox.reread()
        },
        () => undefined,
      )
    }
    tellOtherTabs = (message) => {
      other.postMessage(message)
    }
    window.addEventListener(
      'storage',
      ({ key }) => {
        // First the check of entries: while it is missing, the outbox takes an entry for one that nobody sends.
        if (storage.owns(key)) void loadReceived().then(reread, reread)
      },
      { signal },
    )
    for (const event of ['focus', 'online', 'popstate'] as const) {
      window.addEventListener(event, refresh, { signal })
    }
    for (const event of ['beforeunload', 'pagehide'] as const) {
      window.addEventListener(event, onLeaving, { signal })
    }
    // Back from the browser's back-forward cache: nothing was heard meanwhile.
    window.addEventListener(
      'pageshow',
      ({ persisted }) => {
        if (persisted) refresh()
      },
      { signal },
    )
    document.addEventListener(
      'visibilitychange',
      () => {
        if (document.visibilityState === 'visible') refresh()
      },
      { signal },
    )
    shownAt = performance.now()
    const stopKeeping = keepLoadedPages()
    // Through the service worker, which keeps it.
    const stopLoading = whenIdle(() => startServiceWorker().then(loadReceived))
    outbox.reread()
    outbox.resume()
    return () => {
      stop.abort()
      stopLoading()
      clearTimeout(showing)
      clearTimeout(reading)
      stopKeeping()
      tellOtherTabs = () => undefined
      other.close()
    }
  }

  /** Keeps what was read, for a time without a connection. */
  function keepLoadedPages(): () => void {
    rememberUser(userId)
    void forgetPages(userId)
    let timer: ReturnType<typeof setTimeout> | undefined
    const changed = new Map<string, { query: TodoQuery; data: LoadedPages }>()
    const keep = () => {
      for (const { query, data } of changed.values()) {
        void keepPages(userId, query, { pages: data.pages, pageParams: data.pageParams })
      }
      changed.clear()
    }
    const unsubscribe = client.getQueryCache().subscribe(({ query: read }) => {
      const queryKey = read.queryKey as readonly unknown[]
      if (!isTodosKey(queryKey)) return
      const [, , query] = queryKey
      const data = client.getQueryData<LoadedPages>(queryKey)
      // What was searched for once is rarely searched for again.
      if (!data || data.isKept || query.view.name === 'search') return
      changed.set(JSON.stringify(query), { query, data })
      clearTimeout(timer)
      timer = setTimeout(keep, KEEP_AFTER_MS)
    })
    return () => {
      unsubscribe()
      clearTimeout(timer)
    }
  }

  return { userId, client, outbox, undo, start, onDatabaseChange }
}

let received: typeof import('./received') | undefined

async function loadReceived() {
  received ??= await import('./received')
  return received
}

/** Resolves when it is there, or cannot be. */
async function startServiceWorker(): Promise<void> {
  const { serviceWorker } = navigator as Partial<Navigator>
  try {
    if (await serviceWorker?.register('/sw.js')) await serviceWorker?.ready
  } catch {
    // Without it, a navigation offline ends on the browser's own page.
  }
}

type TodosKey = readonly ['todos', string, TodoQuery]

const isTodosKey = (key: readonly unknown[]): key is TodosKey =>
  key[0] === 'todos' && key.length === 3

/** Without Web Locks (an old browser), two tabs may send the same change, which does no harm. */
function withLock<T>(name: string, work: () => Promise<T>): Promise<T> {
  const { locks } = navigator as Partial<Navigator>
  return locks ? locks.request(name, work) : work()
}
