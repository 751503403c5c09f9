import assert from 'node:assert/strict'
import { test } from 'node:test'
import { appliedPolicies } from './applied-policies'

const commandsOf = (sql: string, role = 'authenticated') =>
  appliedPolicies(sql, role).map(({ table, command }) => `${command} ${table}`)

const STATEMENTS: [string, string[]][] = [
  ['select "id" from "todos" order by "id"', ['select todos']],
  ['insert into "todos" ("task") values ($1)', ['insert todos']],
  ['insert into "todos" ("task") values ($1) returning "id"', ['insert todos', 'select todos']],
  ['update todos set task = $1 where id = $2', ['update todos', 'select todos']],
  ['DELETE FROM public.todos\nWHERE id = $1', ['delete todos', 'select todos']],
  ['select 1', []],
  ['select * from todos_of_others', []],
]

for (const [sql, expected] of STATEMENTS) {
  test(`the policies for “${sql}” are those of its command and of what it reads`, () => {
    assert.deepEqual([...new Set(commandsOf(sql))], expected)
  })
}

test('a policy is shown with its name and its condition', () => {
  const [policy] = appliedPolicies('select * from todos', 'authenticated')
  assert.ok(policy)
  assert.match(policy.name, /todos/)
  assert.match(policy.using ?? '', /auth\.user_id\(\)/)
})

test('a role that no policy names has none', () => {
  assert.deepEqual(commandsOf('select * from todos', 'anonymous'), [])
})
