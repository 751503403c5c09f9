import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { UserDatabase } from '@/lib/sql/user-database'
import { performInput } from './inputs'

/** Nothing may reach it. */
const untouched = new Proxy({} as UserDatabase, {
  get: () => {
    throw new Error('the database was asked')
  },
})

const ID = '0c6f7c0e-6d5f-4c31-9d6e-0a6f6a1f6a11'
const refused = { ok: false, problem: 'refused' }

const nonsense = [
  ['list', { listId: 'x' }],
  ['createList', { id: ID }],
  ['createList', { id: ID, name: 'x'.repeat(10_001) }],
  ['setRole', { listId: ID, userId: 'bob', role: 'owner' }],
  ['createLink', { id: ID, listId: ID, role: 'moderator', secretHash: 'x' }],
  ['removeMember', { listId: ID, userId: ['bob'] }],
  ['joinByLink', null],
  ['reportTodo', { id: ID, todoId: `${ID}'; drop table todos`, reason: '' }],
] as const

for (const [name, input] of nonsense) {
  test(`${name} of ${JSON.stringify(input).slice(0, 60)} is refused before the database is asked`, async () => {
    assert.deepEqual(await performInput(untouched, name, input), refused)
  })
}

test('only operations have names, and nothing that every object inherits', async () => {
  for (const name of ['toString', '__proto__', 'constructor', '', null, ['list']]) {
    assert.deepEqual(await performInput(untouched, name as never, {}), refused, String(name))
  }
})
