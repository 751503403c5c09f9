/** The todos of one query as they are shown: what the database has, and on top what the outbox still has to send. */
import { useInfiniteQuery } from '@tanstack/react-query'
import { useEffect, useMemo, useState, useSyncExternalStore } from 'react'
import type { Counts } from '@/db/queries/todos'
import { failed, type Problem } from '@/lib/problem'
import { keptPages } from './kept-pages'
import { createIdsOf, guess, type List, type ShownTodo } from './list'
import { hasFailed, todoOf, type FailedEntry } from './outbox/entry'
import type { Entry } from './outbox/entry-schema'
import type { OutboxState } from './outbox/outbox'
import { belongs, FIRST_PAGE, MOST_LIVE_TODOS, sizeAfter, type TodoPage } from './query'
import type { PageRequest, TodoQuery } from './query-schema'
import { sizeOf, todosKey, type LoadedPages, type PageParam, type TodoStore } from './todo-store'
import type { TodoSource } from './todo-source'
import { useTodoSource, useTodoStore } from './todos-provider'

const FIRST: PageParam = { after: null, size: FIRST_PAGE }

const EMPTY: LoadedPages = {
  pages: [{ todos: [], next: null, counts: { active: 0, completed: 0 } }],
  pageParams: [FIRST],
}

export type Todos = {
  /** Null until something is there to show. */
  readonly todos: readonly ShownTodo[] | null
  /** Of the todos, in their order: the same array for as long as they are the same. */
  readonly ids: readonly string[]
  readonly counts: Counts
  /** Failed changes by the todo that they concern. */
  readonly failures: ReadonlyMap<string, readonly FailedEntry[]>
  /** Failed changes that no row on screen stands for. */
  readonly looseFailures: readonly FailedEntry[]
  readonly outbox: OutboxState
  /** Why the list could not be read. */
  readonly problem: Problem | null
  /** What is shown: the database's rows, those that this device had, or only what was not saved. */
  readonly origin: 'database' | 'device' | 'outbox'
  readonly isLoading: boolean
  readonly hasMore: boolean
  readonly isLoadingMore: boolean
  readonly loadMore: () => void
  readonly retry: () => void
}

/** @param first the first page, if the server has rendered it */
export function useTodos(query: TodoQuery, first: TodoPage | null): Todos {
  const store = useTodoStore()
  const source = useTodoSource()
  const outbox = useOutbox(store)
  const read = useInfiniteQuery<
    TodoPage,
    LoadError,
    LoadedPages,
    ReturnType<typeof todosKey>,
    PageParam
  >(
    {
      queryKey: todosKey(store.userId, query),
      queryFn: ({ pageParam }) => load(source, { query, ...pageParam }),
      initialPageParam: FIRST,
      getNextPageParam: ({ next }, _pages, { size }) =>
        next && { after: next, size: sizeAfter(size) },
      ...(first ? { initialData: { pages: [first], pageParams: [FIRST] } } : {}),
      placeholderData: (before, beforeQuery) =>
        keptWhileSearching(query, before, beforeQuery?.queryKey[2]),
      // What the server has just rendered needs no second look.
      staleTime: ({ state }) => (state.dataUpdateCount === 0 ? 5_000 : 0),
      gcTime: Infinity,
      // Comparing 5,000 todos field by field costs more than rendering the few on screen.
      structuralSharing: false,
      retry: false,
      networkMode: 'always',
      // The store hears more than the library does: see refresh() there.
      refetchOnWindowFocus: false,
      refetchOnReconnect: false,
    },
    store.client,
  )
  useLiveQuery(store, source, query, read.data)
  useKeptPages(store, query, read.isError)

  // Without a list, what was not saved has to be in sight, and a new todo can be typed.
  const mustShow = read.isError && (outbox.entries.length > 0 || !navigator.onLine)
  const data = useFilteredFromAll(store, query, read.data) ?? (mustShow ? EMPTY : undefined)
  const saved = useMemo(() => (data ? savedIn(data, query) : null), [data, query])
  const shown = useMemo(
    () => (saved ? show(saved, query, outbox.entries) : null),
    [saved, query, outbox.entries],
  )
  const [idsOf] = useState(createIdsOf)
  return {
    todos: shown?.todos ?? null,
    ids: idsOf(shown?.todos ?? []),
    counts: shown?.counts ?? { active: 0, completed: 0 },
    failures: shown?.failures ?? none,
    looseFailures: shown?.looseFailures ?? outbox.entries.filter(hasFailed),
    outbox,
    problem: read.error?.problem ?? null,
    origin: read.data ? (read.data.isKept ? 'device' : 'database') : 'outbox',
    isLoading: read.isFetching,
    hasMore: read.hasNextPage,
    isLoadingMore: read.isFetchingNextPage,
    loadMore: () => void read.fetchNextPage({ cancelRefetch: false }),
    retry: () => void read.refetch(),
  }
}

/** Whatever changes in the database shows by itself. */
function useLiveQuery(
  store: TodoStore,
  source: TodoSource | null,
  query: TodoQuery,
  loaded: LoadedPages | undefined,
) {
  // However much more is loaded of a list that does not come as a whole, it is listened to as before.
  const size = Math.min(loaded ? sizeOf(loaded) : FIRST_PAGE, MOST_LIVE_TODOS + 1)
  useEffect(
    () =>
      source?.listen({ query, size }, (page) => {
        store.onDatabaseChange({ query, size }, page)
      }),
    [store, source, query, size],
  )
}

export function useOutbox({ outbox }: TodoStore): OutboxState {
  return useSyncExternalStore(outbox.subscribe, outbox.state, () => nothing)
}

const nothing: OutboxState = { entries: [], isSending: false, isSignedOut: false, isKept: true }
const none: ReadonlyMap<string, readonly FailedEntry[]> = new Map()

/** What the database has. */
function savedIn({ pages }: LoadedPages, query: TodoQuery): List {
  const todos = pages.flatMap((page) => page.todos)
  return {
    todos: todos.filter((todo) => belongs(query, todo)),
    counts: pages[0]?.counts ?? { active: 0, completed: 0 },
  }
}

/** Only a change of its data makes a row render again, so everything here keeps what did not change. */
function show(saved: List, query: TodoQuery, entries: readonly Entry[]) {
  let list = saved
  for (const { change, problem } of entries) {
    // A failed change is not shown as done; a todo that could not be added has to stay in sight.
    if (problem === null || change.type === 'add') list = guess(list, change, query.view)
  }
  const todos = list === saved ? saved.todos : list.todos.filter((todo) => belongs(query, todo))
  const failed = entries.filter(hasFailed)
  const ids = new Set(failed.length > 0 ? todos.map(({ id }) => id) : [])
  const isInRow = ({ change }: Entry) => ids.has(todoOf(change) ?? '')
  return {
    todos,
    counts: list.counts,
    failures: groupByTodo(failed.filter(isInRow)),
    looseFailures: failed.filter((entry) => !isInRow(entry)),
  }
}

function groupByTodo(entries: readonly FailedEntry[]) {
  const groups = new Map<string, FailedEntry[]>()
  for (const entry of entries) {
    const id = todoOf(entry.change) ?? ''
    groups.set(id, [...(groups.get(id) ?? []), entry])
  }
  return groups
}

class LoadError extends Error {
  readonly problem: Problem

  constructor(problem: Problem) {
    super(problem)
    this.problem = problem
  }
}

async function load(source: TodoSource | null, request: PageRequest) {
  const result = (await source?.loadPage(request)) ?? failed('unreachable')
  if (result.ok) return result.value
  throw new LoadError(result.problem)
}

/** Once the whole list is loaded, a filter needs no request to show, also offline. */
function useFilteredFromAll(store: TodoStore, query: TodoQuery, read: LoadedPages | undefined) {
  return useMemo(() => {
    if (read) return read
    const all = store.client.getQueryData<LoadedPages>(
      todosKey(store.userId, { ...query, filter: 'all' }),
    )
    const last = all?.pages.at(-1)
    if (!all || last?.next !== null) return undefined
    const todos = all.pages.flatMap((page) => page.todos).filter((todo) => belongs(query, todo))
    const counts = all.pages[0]?.counts ?? last.counts
    return { pages: [{ todos, next: null, counts }], pageParams: [FIRST] } satisfies LoadedPages
  }, [store, query, read])
}

/** While the next word is searched for, what was found before is narrowed down. */
function keptWhileSearching(
  { view }: TodoQuery,
  before: LoadedPages | undefined,
  beforeQuery: TodoQuery | undefined,
): LoadedPages | undefined {
  return view.name === 'search' && beforeQuery?.view.name === 'search' ? before : undefined
}

/** When the database cannot be read and nothing is loaded, what this device had is shown. */
function useKeptPages({ client, userId }: TodoStore, query: TodoQuery, isNeeded: boolean) {
  useEffect(() => {
    if (!isNeeded) return
    const key = todosKey(userId, query)
    keptPages(userId, query).then(
      (kept) => {
        if (kept && client.getQueryData(key) === undefined) {
          client.setQueryData<LoadedPages>(key, { ...kept, isKept: true })
        }
      },
      // Its check could not be loaded: there is nothing to show.
      () => undefined,
    )
  }, [client, userId, query, isNeeded])
}
