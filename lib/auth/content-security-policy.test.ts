import assert from 'node:assert/strict'
import { test } from 'node:test'

process.env.NEXT_PUBLIC_DATABASE_AUTHENTICATED_URL = 'postgresql://authenticated@db.test/todos'
const { sqlOrigin } = await import('./content-security-policy')

const databaseUrl = 'postgresql://authenticated@ep-cool-1.eu-central-1.aws.neon.tech/todos'

test('a page may reach the SQL proxy, at its origin only', () => {
  const sqlUrl = 'https://sql.example.com:8443/sql?a=b'
  assert.equal(sqlOrigin({ databaseUrl, sqlUrl }), 'https://sql.example.com:8443')
})

test('with no proxy, a page may reach the host that Neon’s driver derives for a JWT', () => {
  assert.equal(
    sqlOrigin({ databaseUrl, sqlUrl: undefined }),
    'https://apiauth.eu-central-1.aws.neon.tech',
  )
})
