/** What undoes a change, made of the rows that the database changed. */
import type { StoredTodo, Todo } from '@/db/queries/todos'
import { batches } from './batches'
import type { Change, ChangedTodo } from './change'

/**
 * @param before the todos as they were; a renamed one needs its old text
 * @param rows what the database answered: whole rows, also of what it deleted
 */
export function inverse(
  change: Change,
  before: ReadonlyMap<string, Todo>,
  rows: readonly ChangedTodo[],
): Change[] {
  switch (change.type) {
    case 'add':
      return [{ type: 'delete', id: change.id }]
    case 'add-many':
    case 'restore':
      return [{ type: 'delete-many', ids: change.todos.map(({ id }) => id) }]
    case 'delete':
    case 'delete-many':
    case 'clear-completed':
      return [...batches(rows.flatMap(asStored))].map((todos) => ({ type: 'restore', todos }))
    case 'rename': {
      const task = before.get(change.id)?.task
      return task === undefined ? [] : [{ type: 'rename', id: change.id, task }]
    }
    // The browser undoes what is typed into a field.
    case 'note':
      return []
    case 'due':
    case 'due-many':
      return dueAsBefore([...before.values()])
    case 'move': {
      const position = before.get(change.id)?.position
      return position === undefined ? [] : [{ type: 'move', id: change.id, position }]
    }
    case 'move-many':
      return [
        {
          type: 'move-many',
          moved: [...before.values()].map(({ id, listId, position }) => ({ id, listId, position })),
        },
      ]
    case 'complete':
      return [{ type: 'complete', id: change.id, isComplete: !change.isComplete }]
    case 'complete-many':
    case 'complete-all': {
      const ids = rows.map(({ id }) => id)
      return ids.length === 0
        ? []
        : [{ type: 'complete-many', ids, isComplete: !change.isComplete }]
    }
  }
}

/** One change for each due date that the todos had. */
function dueAsBefore(todos: readonly Todo[]): Change[] {
  const groups = new Map<string, Extract<Change, { type: 'due-many' }>>()
  for (const { id, dueOn, dueTime } of todos) {
    const key = `${dueOn ?? ''} ${dueTime ?? ''}`
    const group = groups.get(key)
    if (group) group.ids.push(id)
    else groups.set(key, { type: 'due-many', ids: [id], dueOn, dueTime })
  }
  return [...groups.values()]
}

/** The database answers a deletion with the notes, too. */
function asStored(row: ChangedTodo): StoredTodo[] {
  return row.notes === undefined ? [] : [{ ...row, notes: row.notes }]
}
