import assert from 'node:assert/strict'
import { CompletionContext } from '@codemirror/autocomplete'
import { PostgreSQL, sql } from '@codemirror/lang-sql'
import { EditorState } from '@codemirror/state'
import { after, before, test } from 'node:test'
import type { Names } from '../service/api'
import { startTestLab, type TestLab } from '../service/testing/test-lab'
import { completeNames } from './completion'

let lab: TestLab['lab']
let stop: TestLab['stop']
let names: Names
before(async () => {
  ;({ lab, stop } = await startTestLab())
  names = await lab.names()
})
after(() => stop())

/** @param text with a bar where the cursor is */
async function offeredAt(text: string): Promise<string[]> {
  const state = EditorState.create({
    doc: text.replace('|', ''),
    extensions: sql({ dialect: PostgreSQL }),
  })
  const context = new CompletionContext(state, text.indexOf('|'), true)
  const result = await completeNames(names)(context)
  return (result?.options ?? []).map(({ label }) => label)
}

test('the names are those that Postgres lets a signed-in user use, and no others', () => {
  assert.deepEqual(names.tables.todos?.update.toSorted(), [
    'due_on',
    'due_time',
    'is_complete',
    'list_id',
    'notes',
    'position',
    'task',
  ])
  assert.ok(names.tables.todos.select.includes('user_id'))
  assert.deepEqual(names.tables.list_members?.insert, [])
  assert.deepEqual(names.tables.list_members.update, ['role'])
  assert.ok(names.auth.includes('user_id()'))
  assert.ok(!Object.keys(names.tables).includes('session_keys'))
})

for (const [text, offered, not] of [
  ['select | from todos', 'user_id', undefined],
  ['select * from todos where |', 'hidden_at', undefined],
  ['select t.| from todos t', 'user_id', undefined],
  ['select auth.|', 'user_id()', undefined],
  ['select * from |', 'list_members', undefined],
  ['update todos set |', 'task', 'user_id'],
  [`update public.todos set task = 'x', |`, 'notes', 'user_id'],
  ['update todos set task = |', 'user_id', undefined],
  ['update todos set task = notes where |', 'user_id', undefined],
  ['update list_members set |', 'role', 'list_id'],
  ['insert into todos (|', 'user_id', undefined],
  ['insert into list_members (|', 'todos', 'user_id'],
  ['select user_id from todos; update todos set |', 'task', 'user_id'],
] as const) {
  test(`${text} is offered ${offered}${not === undefined ? '' : `, and not ${not}`}`, async () => {
    const labels = await offeredAt(text)
    assert.ok(labels.includes(offered), labels.join())
    if (not !== undefined) assert.ok(!labels.includes(not), labels.join())
  })
}
