/** Reads todos from a file: JSON or CSV of this app or another, or plain lines. All of it is valid, or none. */
import * as z from 'zod/mini'
import { maxNotesLength } from '@/app/todos/notes/max-notes-length'
import { todosFromLines } from '@/app/todos/paste/lines'
import { isTask, maxTaskLength, maxTodos, taskLength } from '@/app/todos/task'
import { parseCsv } from './csv'
import { FileError } from './file-error'
import { lineOfItem, parseJson } from './json-lines'

export type FileTodo = {
  /** The id that it was exported with. */
  id: string | null
  listId: string | null
  task: string
  notes: string
  isComplete: boolean
  dueOn: string | null
  dueTime: string | null
}

export const MAX_FILE_BYTES = 10 * 1024 * 1024

type Located = { todo: unknown; line: number | undefined }

/** @throws FileError */
export function readTodoFile(name: string, bytes: Uint8Array): FileTodo[] {
  if (bytes.length > MAX_FILE_BYTES) {
    throw new FileError(`the file is larger than ${MAX_FILE_BYTES / 1024 ** 2} MB`)
  }
  const text = decode(bytes)
  const located = readItems(name, text)
  if (located.length === 0) throw new FileError('there are no todos in this file')
  if (located.length > maxTodos) {
    const limit = maxTodos.toLocaleString('en')
    throw new FileError(`the file has more than ${limit} todos, the most that a person can have`)
  }
  return located.map(validate)
}

/** UTF-8, or UTF-16 if its byte order mark says so, as in Excel's “Unicode Text”. */
function decode(bytes: Uint8Array): string {
  const isUtf16 = bytes[0] === 0xff && bytes[1] === 0xfe
  try {
    return new TextDecoder(isUtf16 ? 'utf-16le' : 'utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw new FileError('the file is not UTF-8 text')
  }
}

function readItems(name: string, text: string): Located[] {
  const extension = /\.(\w+)$/.exec(name)?.[1]?.toLowerCase()
  if (extension === 'json') return readJson(text)
  if (extension === 'csv' || extension === 'tsv') return readCsv(text)
  if (extension === 'txt' || extension === 'md') {
    return todosFromLines(text).map((todo) => ({ todo, line: undefined }))
  }
  throw new FileError('only .json, .csv, .tsv, .txt and .md files can be imported')
}

function readJson(text: string): Located[] {
  const value = parseJson(text)
  const file = z.union([z.array(z.unknown()), z.object({ todos: z.array(z.unknown()) })])
  const parsed = file.safeParse(value)
  if (!parsed.success) throw new FileError('the file has no list of todos, such as {"todos": []}')
  const items = Array.isArray(parsed.data) ? parsed.data : parsed.data.todos
  return items.map((item, index) => ({
    todo: typeof item === 'string' ? { task: item } : item,
    get line() {
      return lineOfItem(text, index)
    },
  }))
}

/** The names that this app and others give to columns; the first is ours. */
const columns = {
  id: ['id'],
  listId: ['list_id'],
  task: ['task', 'title', 'name', 'content', 'text', 'todo'],
  notes: ['notes', 'note', 'description'],
  isComplete: ['completed', 'complete', 'is_complete', 'done', 'checked'],
  dueOn: ['due_on', 'due', 'due_date', 'deadline'],
  dueTime: ['due_time'],
}

function readCsv(text: string): Located[] {
  const [header, ...rows] = parseCsv(text)
  if (!header) return []
  const names = header.cells.map((cell) =>
    cell
      .trim()
      .toLowerCase()
      .replace(/[\s-]+/g, '_'),
  )
  const places = Object.entries(columns).map(
    ([field, known]) => [field, names.findIndex((name) => known.includes(name))] as const,
  )
  if (!places.some(([field, place]) => field === 'task' && place >= 0)) {
    throw new FileError('the first line names no column “task”, “title” or “name”', header.line)
  }
  return rows.map(({ cells, line }) => ({
    todo: Object.fromEntries(places.map(([field, place]) => [field, cells[place] ?? ''])),
    line,
  }))
}

const blankIsNull = z.transform((value: unknown) => (value === '' ? null : (value ?? null)))
const orNull = (schema: z.ZodMiniType<string, string>) => z.pipe(blankIsNull, z.nullable(schema))

const yes = ['true', 'yes', 'x', '1', 'done', 'completed']
const no = ['', 'false', 'no', '0', 'open', 'active']

/** The truth in a cell; anything else is left for the error. */
const readTruth = z.transform((value: unknown) => {
  if (value === undefined || value === null) return false
  const word = typeof value === 'string' ? value.trim().toLowerCase() : value
  if (typeof word !== 'string') return word
  return yes.includes(word) ? true : no.includes(word) ? false : word
})

const storable = z
  .string('is not a text')
  .check(z.refine((text) => !text.includes('\0'), 'has a character that a database cannot keep'))

const fileTodo = z.object(
  {
    id: orNull(z.uuid('is not a UUID')),
    listId: orNull(z.uuid('is not a UUID')),
    task: z.pipe(
      z.pipe(
        storable,
        z.transform((task: string) => task.replace(/\s+/g, ' ').trim()),
      ),
      z.string().check(z.refine(isTask, `is not 1 to ${maxTaskLength} characters long`)),
    ),
    notes: z.pipe(
      z.transform((notes: unknown) => notes ?? ''),
      storable.check(
        z.refine(
          (notes) => taskLength(notes) <= maxNotesLength,
          `is longer than ${maxNotesLength.toLocaleString('en')} characters`,
        ),
      ),
    ),
    isComplete: z.pipe(readTruth, z.boolean('is neither true nor false')),
    dueOn: orNull(z.iso.date('is not a date such as 2026-12-24')),
    dueTime: orNull(
      z
        .string()
        .check(z.regex(/^([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?$/, 'is not a time such as 09:30')),
    ),
  },
  'is not an object',
)

/** What a message calls a field: as the column of the CSV. */
const labels = Object.fromEntries(Object.entries(columns).map(([field, [name]]) => [field, name]))

function validate({ todo, line }: Located, index: number): FileTodo {
  const parsed = fileTodo.safeParse(todo)
  if (parsed.success) {
    if (parsed.data.dueTime === null || parsed.data.dueOn !== null) return parsed.data
    throw problem('“due_time” needs a “due_on”')
  }
  const [issue] = parsed.error.issues
  const field = String(issue?.path[0] ?? '')
  throw problem(
    field === ''
      ? 'a todo is not an object'
      : `“${labels[field] ?? field}” ${issue?.message ?? ''}`,
  )

  function problem(what: string): FileError {
    return line === undefined
      ? new FileError(`todo ${index + 1}: ${what}`)
      : new FileError(what, line)
  }
}
