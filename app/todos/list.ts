/** What a list becomes through a change: first as a guess, then with the rows that the database answered. */
import { isWhole, startOf } from '@/db/queries/notes-start'
import type { Counts, StoredTodo, Todo, WholeTodo } from '@/db/queries/todos'
import type { View } from '@/db/queries/views'
import type { Change } from './change'
import { belongs, inOrder, isInView, type TodoPage } from './query'
import type { TodoQuery } from './query-schema'

/** A todo on screen; `isPending` while the database does not have it. */
export type ShownTodo = Todo & { isPending?: true }

export type List = { readonly todos: readonly ShownTodo[]; readonly counts: Counts }

/** Sorts behind every real position: a new todo goes to the end. */
const LAST = '~'

/** The list as expected after the change. Filters apply when it is shown, so that counts stay right. */
export function guess(list: List, change: Change, view: View): List {
  const { todos, counts } = list
  switch (change.type) {
    case 'add':
      return replaceTodos(list, insert(todos, [pendingTodo(change)], view))
    case 'restore':
      return replaceTodos(list, insert(todos, change.todos.map(asTodo), view))
    case 'add-many':
      return replaceTodos(list, insert(todos, change.todos.map(asShown), view))
    case 'note':
      return replaceTodos(list, edit(todos, [change.id], { notesStart: startOf(change.notes) }))
    case 'due':
      return replaceTodos(list, editAndSort(todos, [change.id], dueOf(change), view))
    case 'due-many':
      return replaceTodos(list, editAndSort(todos, change.ids, dueOf(change), view))
    case 'move': {
      const { id, position } = change
      return replaceTodos(list, editAndSort(todos, [id], { position }, view))
    }
    case 'move-many': {
      const moved = new Map(change.moved.map((place) => [place.id, place]))
      const after = todos.map((todo) => {
        const place = moved.get(todo.id)
        return place ? { ...todo, ...place } : todo
      })
      return replaceTodos(list, after.sort(inOrder(view)))
    }
    case 'rename':
      return replaceTodos(list, edit(todos, [change.id], { task: change.task }))
    case 'complete':
      return replaceTodos(list, edit(todos, [change.id], { isComplete: change.isComplete }))
    case 'complete-many':
      return replaceTodos(list, edit(todos, change.ids, { isComplete: change.isComplete }))
    case 'delete':
      return replaceTodos(list, remove(todos, [change.id]))
    case 'delete-many':
      return replaceTodos(list, remove(todos, change.ids))
    case 'complete-all': {
      const { isComplete } = change
      const total = counts.active + counts.completed
      return {
        todos: todos.map((todo) =>
          todo.isComplete === isComplete ? todo : { ...todo, isComplete },
        ),
        counts: isComplete ? { active: 0, completed: total } : { active: total, completed: 0 },
      }
    }
    case 'clear-completed':
      return {
        todos: todos.filter(({ isComplete }) => !isComplete),
        counts: { ...counts, completed: 0 },
      }
  }
}

/**
 * The loaded pages with the rows that the database changed, inserted or deleted.
 *
 * `isSure` is false if rows outside the loaded pages changed, so that counts have to be read again.
 */
export function settle(
  pages: readonly TodoPage[],
  query: TodoQuery,
  change: Change,
  rows: readonly Todo[],
): { pages: TodoPage[]; isSure: boolean } {
  const changed = new Map(rows.map((row) => [row.id, row]))
  const isDeletion = deletes(change)
  const order = inOrder(query.view)
  const wanted = new Set(changed.keys())
  if (change.type === 'delete') wanted.add(change.id)
  const loaded = find(pages, wanted)
  // A deletion that found nothing names its todo itself.
  const gone = change.type === 'delete' ? loaded.get(change.id) : undefined
  if (gone) changed.set(gone.id, gone)
  let { active, completed } = pages[0]?.counts ?? { active: 0, completed: 0 }
  // What was restored before, by an answer that was lost, is not among the rows. And what long notes have, only the
  // database knows.
  let isSure =
    (change.type !== 'restore' || rows.length === change.todos.length) &&
    (query.view.name !== 'search' || rows.every(({ notesStart }) => isWhole(notesStart)))
  const count = ({ isComplete }: Todo, by: number) => {
    if (isComplete) completed += by
    else active += by
  }
  for (const row of changed.values()) {
    const before = loaded.get(row.id)
    const isHere = isInView(query.view, row)
    if (isDeletion) {
      if (isHere) count(row, -1)
    } else if (before) {
      if (isInView(query.view, before)) count(before, -1)
      if (isHere) count(row, 1)
    } else if (inserts(change)) {
      if (isHere) count(row, 1)
    } else if (isHere) isSure = false
  }
  const counts = { active: Math.max(0, active), completed: Math.max(0, completed) }
  const missing = new Map(isDeletion ? [] : [...changed].filter(([, row]) => belongs(query, row)))
  const kept = pages.map((page): TodoPage => {
    // A page that nothing has changed on keeps its array: it may have a thousand todos.
    if (!page.todos.some(({ id }) => changed.has(id))) return { ...page, counts }
    const todos = page.todos.flatMap((todo) => {
      const row = changed.get(todo.id)
      if (!row) return [todo]
      if (!missing.has(row.id) || order(row, todo) !== 0) return []
      missing.delete(row.id)
      return [row]
    })
    return { ...page, counts, todos }
  })
  place(kept, [...missing.values()], order)
  return { pages: kept, isSure }
}

/**
 * A page as the database had it, which may be from before what this device has saved just now: that stays in sight.
 * Counts are the page's, which as a rule is the newer one.
 */
export function withSaved(
  page: TodoPage,
  query: TodoQuery,
  saved: readonly { readonly change: Change; readonly rows: readonly Todo[] }[],
): TodoPage[] {
  const pages = saved.reduce<TodoPage[]>(
    (shown, { change, rows }) => settle(shown, query, change, rows).pages,
    [page],
  )
  return pages.map((one) => ({ ...one, counts: page.counts }))
}

const deletes = ({ type }: Change) =>
  type === 'delete' || type === 'delete-many' || type === 'clear-completed'
const inserts = ({ type }: Change) => type === 'add' || type === 'add-many' || type === 'restore'

/** Lists the ids of todos; the same array for as long as they are the same, whatever else of the todos changes. */
export function createIdsOf(): (todos: readonly Todo[]) => readonly string[] {
  let ids: readonly string[] = []
  return (todos) => {
    const isSame = todos.length === ids.length && todos.every(({ id }, index) => id === ids[index])
    if (!isSame) ids = todos.map(({ id }) => id)
    return ids
  }
}

/** The todos of loaded pages whose ids are wanted. */
function find(pages: readonly TodoPage[], wanted: ReadonlySet<string>): Map<string, Todo> {
  const found = new Map<string, Todo>()
  for (const { todos } of pages) {
    for (const todo of todos) if (wanted.has(todo.id)) found.set(todo.id, todo)
  }
  return found
}

/** Puts rows where they belong, unless they belong to a page that is not loaded yet. */
function place(pages: TodoPage[], rows: readonly Todo[], order: ReturnType<typeof inOrder>): void {
  let missing = rows
  for (const page of pages) {
    const isHere = (row: Todo) => page.next === null || order(row, page.next) <= 0
    const added = missing.filter(isHere)
    if (added.length === 0) continue
    page.todos = page.todos.concat(added).sort(order)
    missing = missing.filter((row) => !isHere(row))
  }
}

function replaceTodos({ todos, counts }: List, after: readonly ShownTodo[]): List {
  const completed = completedOf(after) - completedOf(todos)
  const all = after.length - todos.length
  return {
    todos: after,
    counts: {
      active: Math.max(0, counts.active + all - completed),
      completed: Math.max(0, counts.completed + completed),
    },
  }
}

const completedOf = (todos: readonly Todo[]) =>
  todos.reduce((sum, { isComplete }) => sum + (isComplete ? 1 : 0), 0)

function edit(todos: readonly ShownTodo[], ids: readonly string[], values: Partial<Todo>) {
  const edited = new Set(ids)
  return todos.map((todo) => (edited.has(todo.id) ? { ...todo, ...values } : todo))
}

function editAndSort(
  todos: readonly ShownTodo[],
  ids: readonly string[],
  values: Partial<Todo>,
  view: View,
) {
  return edit(todos, ids, values).sort(inOrder(view))
}

const dueOf = ({ dueOn, dueTime }: Pick<Todo, 'dueOn' | 'dueTime'>) => ({ dueOn, dueTime })

function remove(todos: readonly ShownTodo[], ids: readonly string[]) {
  const removed = new Set(ids)
  return todos.filter(({ id }) => !removed.has(id))
}

/** What is there already stays: another tab, or a lost answer, may have been faster. */
function insert(todos: readonly ShownTodo[], added: readonly ShownTodo[], view: View) {
  const ids = new Set(todos.map(({ id }) => id))
  const missing = added.filter((todo) => !ids.has(todo.id) && isInView(view, todo))
  if (missing.length === 0) return todos
  const after = todos.concat(missing)
  return missing.every(({ isPending }) => isPending) ? after : after.sort(inOrder(view))
}

function pendingTodo({ id, listId, task, due }: Extract<Change, { type: 'add' }>): ShownTodo {
  const none = { dueOn: null, dueTime: null }
  return asShown({
    id,
    listId,
    task,
    ...(due ?? none),
    notes: '',
    isComplete: false,
    position: LAST,
  })
}

function asShown(added: WholeTodo): ShownTodo {
  return {
    ...asTodo({ ...added, userId: '', insertedAt: '', hiddenAt: null }),
    isPending: true,
  }
}

function asTodo({ notes, ...columns }: StoredTodo): Todo {
  return { ...columns, notesStart: startOf(notes) }
}
