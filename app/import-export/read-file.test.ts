import assert from 'node:assert/strict'
import { test } from 'node:test'
import { MAX_FILE_BYTES, readTodoFile } from './read-file'
import { writers, type ExportedTodo, type Format } from './write-file'

const encode = (text: string) => new TextEncoder().encode(text)
const read = (name: string, text: string) => readTodoFile(name, encode(text))
const message = (name: string, text: string | Uint8Array) => {
  try {
    readTodoFile(name, typeof text === 'string' ? encode(text) : text)
  } catch (error) {
    return (error as Error).message
  }
  return assert.fail('the file was read')
}

const milk: ExportedTodo = {
  id: '5f0c954e-8d3c-4d9c-b1a1-3c1a44a6bd0e',
  listId: null,
  task: '=1+1, "milk" 🥛',
  notes: 'one\ntwo',
  isComplete: true,
  dueOn: '2026-12-24',
  dueTime: '09:30',
  list: 'My todos',
  insertedAt: '2026-11-30 10:00:00+00',
}
const bread: ExportedTodo = {
  ...milk,
  id: '7f0c954e-8d3c-4d9c-b1a1-3c1a44a6bd0e',
  task: 'Bread',
  notes: '',
  isComplete: false,
  dueOn: null,
  dueTime: null,
}

const written = (format: Format) => {
  const { begin, page, end } = writers[format]
  return begin + page([milk], true) + page([bread], false) + end
}

for (const format of ['json', 'csv'] as const) {
  test(`what is exported as ${format} can be imported, todo for todo`, () => {
    const expected = [milk, bread].map(withoutList)
    assert.deepEqual(read(`todos.${format}`, written(format)), expected)
  })
}

test('a CSV of another app is read by its columns, in any order', () => {
  assert.deepEqual(read('Export.CSV', 'Done;Due Date;Title\nyes;2026-12-24;Milk\n;;Bread\n'), [
    { ...plain('Milk'), isComplete: true, dueOn: '2026-12-24' },
    plain('Bread'),
  ])
})

test('JSON may be a bare list, of texts or objects', () => {
  assert.deepEqual(read('a.json', '["Milk", {"task": " Bread\\n ", "isComplete": true}]'), [
    plain('Milk'),
    { ...plain('Bread'), isComplete: true },
  ])
})

test('plain lines are todos, with their checkboxes', () => {
  assert.deepEqual(read('a.md', '- [x] Milk\n- Bread\n'), [
    { ...plain('Milk'), isComplete: true },
    plain('Bread'),
  ])
})

test('UTF-16 with a BOM is read, other encodings are refused', () => {
  const utf16 = new Uint8Array([0xff, 0xfe, ...Buffer.from('Brød', 'utf16le')])
  assert.deepEqual(readTodoFile('a.txt', utf16), [plain('Brød')])
  assert.equal(message('a.txt', new Uint8Array([0x42, 0xf8, 0x64])), 'The file is not UTF-8 text.')
})

test('an error in the shape names the line and the field', () => {
  assert.equal(
    message('a.csv', 'x,y\n1,2'),
    'Line 1: the first line names no column “task”, “title” or “name”.',
  )
  assert.equal(
    message('a.csv', 'task,due\n"a\nb",\nc,24.12.'),
    'Line 4: “due_on” is not a date such as 2026-12-24.',
  )
  assert.equal(
    message('a.csv', 'task,done\na,maybe'),
    'Line 2: “completed” is neither true nor false.',
  )
  assert.equal(message('a.csv', 'task,due_time\na,09:00'), 'Line 2: “due_time” needs a “due_on”.')
  assert.equal(
    message('a.csv', `task\n${'x'.repeat(501)}`),
    'Line 2: “task” is not 1 to 500 characters long.',
  )
  assert.equal(
    message(
      'a.json',
      '{"a": "]},", "todos": [\n{"task": "a", "tags": ["x", {}]},\n\n{"task": 7}]}',
    ),
    'Line 4: “task” is not a text.',
  )
  assert.equal(message('a.json', '[\n"a",\n7]'), 'Line 3: a todo is not an object.')
  assert.equal(
    message('a.json', '["a\\u0000b"]'),
    'Line 1: “task” has a character that a database cannot keep.',
  )
  assert.equal(message('a.json', '["a",["b"]]').startsWith('Line 1'), true)
})

test('a file that is broken, empty, too large or of another kind is refused', () => {
  assert.equal(
    message('a.json', '{"todos": [\n{"task": "a"},\n]}'),
    'Line 3: the file is not valid JSON.',
  )
  assert.equal(message('a.json', '{"todos":\n'), 'Line 2: the file is not valid JSON.')
  assert.match(message('a.json', '{"items": []}'), /no list of todos/)
  assert.equal(
    message('a.json', `["${'x'.repeat(3_000_000)}",\n`),
    'Line 2: the file is not valid JSON.',
  )
  assert.match(message('a.json', '[]'), /no todos/)
  assert.match(message('a.csv', ''), /no todos/)
  assert.match(message('a.exe', 'x'), /Only \.json/)
  assert.match(message('a.txt', new Uint8Array(MAX_FILE_BYTES + 1)), /larger than 10 MB/)
  assert.match(message('a.txt', 'x\n'.repeat(10_001)), /more than 10,000 todos/)
})

function plain(task: string) {
  return { id: null, listId: null, task, notes: '', isComplete: false, dueOn: null, dueTime: null }
}

/** What a list is called, and when a todo was added, are for people. */
function withoutList({ id, listId, task, notes, isComplete, dueOn, dueTime }: ExportedTodo) {
  return { id, listId, task, notes, isComplete, dueOn, dueTime }
}
