import assert from 'node:assert/strict'
import { test } from 'node:test'
import { statementsIn } from './sent-statement'

test('a statement is shown with the values of its parameters', () => {
  const body = JSON.stringify({ query: 'select $1, $2, $3', params: ['a', null, { b: [1] }] })
  assert.deepEqual(statementsIn(body), [
    { sql: 'select $1, $2, $3', params: ['a', null, '{"b":[1]}'] },
  ])
})

test('each statement of a batch is shown', () => {
  const body = JSON.stringify({
    queries: [{ query: 'select 1', params: [] }, { query: 'select 2' }],
  })
  assert.deepEqual(
    statementsIn(body).map(({ sql }) => sql),
    ['select 1', 'select 2'],
  )
})
