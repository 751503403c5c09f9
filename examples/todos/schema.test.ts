import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Client } from 'pg'
import { findDrift } from '../../db/drift'
import { startThrowawayDatabase } from '../../proxy/test/postgres/throwaway-database'
import { installTodos } from './install'
import * as schema from './schema'

test('todos.sql makes the table that the schema declares, with its policies', async () => {
  const database = await startThrowawayDatabase(installTodos)
  const client = new Client({ connectionString: database.ownerUrl })
  await client.connect()
  try {
    assert.deepEqual(await findDrift(client, schema, false), [])
    await client.query('alter policy "users delete their own todos" on todos using (true)')
    assert.equal((await findDrift(client, schema, false)).length, 1, 'it would have been found')
  } finally {
    await client.end()
    await database.stop()
  }
})
