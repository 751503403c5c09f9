import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import { after, before, test } from 'node:test'
import type { Client } from 'pg'
import { startTestDatabase, type TestDatabase } from '../dev/postgres/testing/test-database'
import { connect } from '../proxy/test/testing/as-user'

let database: TestDatabase
let owner: Client
before(async () => {
  database = await startTestDatabase()
  owner = await connect(database.ownerUrl)
})
after(async () => {
  await owner.end()
  await database.stop()
})

const key = generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' })

const PROVIDER = {
  name: 'x',
  issuer: 'https://x.test',
  audience: 'a',
  jwks: { keys: [{ ...key, kid: 'k' }] },
}

function check(env: Record<string, string>, ...args: string[]) {
  return spawnSync('npm', ['run', '--silent', 'proxy:check', '--', ...args], {
    encoding: 'utf8',
    env: {
      ...process.env,
      DATABASE_URL: database.ownerUrl,
      PROXY_DATABASE_URL: database.authenticatorUrl,
      PROXY_SESSION_KEY: database.sessionKey,
      PROXY_JWT_PROVIDERS: JSON.stringify([PROVIDER]),
      ...env,
    },
  })
}

test('npm run proxy:check finds drift, accepts it by name, and says when it could not compare', async () => {
  const good = check({})
  assert.equal(good.status, 0, good.stdout + good.stderr)
  assert.match(
    good.stdout,
    /✔ tables, policies, constraints, indexes, quotas, live rows, enums and views are those that db\/schema declares/,
  )

  await owner.query(
    `create policy later on todos for delete to authenticated using ((select auth.user_id()) = user_id)`,
  )
  const drifted = check({}, '--accept', 'schema-drift:public.other')
  const accepted = check({}, '--accept', 'schema-drift:public.todos')
  await owner.query('drop policy later on todos')
  assert.equal(drifted.status, 1)
  assert.match(
    drifted.stdout,
    /✘ the policy later of public\.todos is not declared in db\/schema: .* \[schema-drift:public\.todos\]/,
  )
  assert.equal(accepted.status, 0, accepted.stdout)

  const blind = check({ DATABASE_URL: '' })
  assert.equal(blind.status, 0, blind.stdout)
  assert.match(
    blind.stdout,
    /! the database was not compared with db\/schema\. DATABASE_URL is not set/,
  )
})

test('npm run proxy:check has nothing to say about moderators, once providers and the database permit them', async () => {
  const roles = { moderator: { claim: 'metadata.role', equals: 'moderator' } }
  const permitting = { PROXY_JWT_PROVIDERS: JSON.stringify([{ ...PROVIDER, roles }]) }
  const summary = /(\d+) right, 0 to look at, 0 unsafe/
  assert.match(check({}).stdout, summary)
  const ungranted = check(permitting)
  assert.match(ungranted.stdout, /✘ the login role may not become moderator/)
  await owner.query('grant moderator to authenticator')
  try {
    const permitted = check(permitting)
    assert.match(permitted.stdout, summary, permitted.stdout)
    assert.match(check({}).stdout, /✘ the login role can become moderator, which no request needs/)
  } finally {
    await owner.query('revoke moderator from authenticator')
  }
})
