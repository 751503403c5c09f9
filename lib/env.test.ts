import assert from 'node:assert/strict'
import { test } from 'node:test'

process.env.NEXT_PUBLIC_DATABASE_AUTHENTICATED_URL = 'postgresql://authenticated@db.test/todos'
const { roleUrl } = await import('./env')

const accepts = (url: string) => roleUrl.schema.safeParse(url).success

test('a connection string that names a role is accepted', () => {
  assert.ok(accepts('postgresql://authenticated@localhost/todos'))
  assert.ok(accepts('postgres://authenticated@ep-cool-1.eu.neon.tech/todos?sslmode=require'))
})

test('a connection string with a password is refused: the browser would reveal it', () => {
  assert.ok(!accepts('postgresql://authenticated:secret@localhost/todos'))
})

test('a connection string without a role is refused', () => {
  assert.ok(!accepts('postgresql://localhost/todos'))
  assert.ok(!accepts('https://authenticated@localhost/todos'))
})
