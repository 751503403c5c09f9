/**
 * A change to the todos, as data. The same value is shown at once (list.ts), kept and sent in order (outbox/),
 * validated on the server with this schema, and performed on the database (perform-change.ts).
 *
 * Each may arrive twice without harm: ids are made here, and states are set, never toggled.
 *
 * The browser imports the type; the schema is for what others have written: a request, another tab, a former visit.
 *
 * A new kind of change needs: a line here, a case in list.ts (what it does to the list), perform-change.ts (its
 * query), inverse.ts (its undo) and messages.ts (what to say when it fails). The compiler names each place.
 */
import * as z from 'zod/mini'
import type { StoredTodo, Todo, WholeTodo } from '@/db/queries/todos'
import { maxNotesLength } from './notes/max-notes-length'
import { day, time, viewSchema } from './query-schema'
import { isTask, taskLength } from './task'

// Zod would compile its schemas with `new Function`, which the Content-Security-Policy forbids and reports.
z.config({ jitless: true })

const id = z.uuid()
const ids = z.array(id).check(z.maxLength(10_000))
const listId = z.nullable(id)
const task = z.string().check(z.refine(isTask))
const isComplete = z.boolean()
const notes = z.string().check(z.refine((text) => taskLength(text) <= maxNotesLength))
/** A time needs a day, as in the database. */
const due = { dueOn: z.nullable(day), dueTime: z.nullable(time) }
const position = z.string().check(z.maxLength(500))

/** The columns of a todo, as the database gave them, without its notes. */
const columns = {
  id,
  userId: z.string(),
  listId,
  task,
  isComplete,
  dueOn: z.nullable(z.string()),
  dueTime: z.nullable(z.string()),
  position: z.string(),
  insertedAt: z.string(),
  hiddenAt: z.nullable(z.string()),
}

export const todoSchema = z.object({
  ...columns,
  notesStart: z.string(),
}) satisfies z.ZodMiniType<Todo>

/** A todo that was deleted: what undo puts back. */
const storedSchema = z.object({
  ...columns,
  notes: z.string(),
}) satisfies z.ZodMiniType<StoredTodo>

/** A todo as a change leaves it; with its notes if it was deleted. */
export const changedSchema = z.object({
  ...todoSchema.shape,
  notes: z.optional(z.string()),
})

export type ChangedTodo = z.infer<typeof changedSchema>

/** A todo that comes with others: pasted, or out of a file. */
export const addedSchema = z.object({
  id,
  listId,
  task,
  notes,
  isComplete,
  ...due,
  position,
}) satisfies z.ZodMiniType<WholeTodo>

export const changeSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('add'), id, listId, task, due: z.optional(z.object(due)) }),
  z.object({ type: z.literal('rename'), id, task }),
  z.object({ type: z.literal('complete'), id, isComplete }),
  z.object({ type: z.literal('note'), id, notes }),
  z.object({ type: z.literal('due'), id, ...due }),
  z.object({ type: z.literal('move'), id, position }),
  z.object({ type: z.literal('delete'), id }),
  z.object({ type: z.literal('complete-many'), ids, isComplete }),
  z.object({ type: z.literal('delete-many'), ids }),
  z.object({ type: z.literal('due-many'), ids, ...due }),
  z.object({
    type: z.literal('move-many'),
    moved: z.array(z.object({ id, listId, position })).check(z.maxLength(10_000)),
  }),
  z.object({ type: z.literal('add-many'), todos: z.array(addedSchema).check(z.maxLength(500)) }),
  z.object({ type: z.literal('complete-all'), view: viewSchema, isComplete }),
  z.object({ type: z.literal('clear-completed'), view: viewSchema }),
  z.object({ type: z.literal('restore'), todos: z.array(storedSchema).check(z.maxLength(250)) }),
])

export type Change = z.infer<typeof changeSchema>
