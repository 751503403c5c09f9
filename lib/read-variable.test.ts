import assert from 'node:assert/strict'
import { test } from 'node:test'
import { z } from 'zod'
import { readVariable } from './read-variable'

const address = {
  schema: z.url({ protocol: /^https?$/ }),
  expected: 'an address',
  example: 'http://localhost:4444/sql',
}

test('a valid variable comes out as it is', () => {
  assert.equal(readVariable('SQL_URL', 'http://db.test/sql', address), 'http://db.test/sql')
})

test('a variable that is not set is named, with an example', () => {
  assert.throws(() => readVariable('SQL_URL', undefined, address), {
    message:
      'SQL_URL is not set: expected an address, such as http://localhost:4444/sql. See .env.example.',
  })
})

test('an empty variable counts as one that is not set', () => {
  assert.throws(() => readVariable('SQL_URL', '', address), /^Error: SQL_URL is not set/)
  const optional = { ...address, schema: address.schema.optional() }
  assert.equal(readVariable('SQL_URL', '', optional), undefined)
})

test('the error about a wrong value does not repeat it', () => {
  assert.throws(
    () => readVariable('SQL_URL', 'postgresql://owner:secret@db.test/todos', address),
    (error: Error) =>
      error.message.startsWith('SQL_URL is not valid') && !error.message.includes('secret'),
  )
})
