import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { after, before, test } from 'node:test'
import { openGate } from '../src/gate/gate'
import type { Claims } from './testing/issuer'
import { startTestProxy, type OneProxy, type TestProxy } from './testing/proxy'

// Roles belong to the whole server, which other tests may share.
const suffix = randomBytes(4).toString('hex')
const MODERATOR = `moderator_${suffix}`
const ROLES = {
  bypassing: `bypassing_${suffix}`,
  owning: `owning_${suffix}`,
  filing: `filing_${suffix}`,
  ungranted: `ungranted_${suffix}`,
  missing: `missing_${suffix}`,
}

let proxy: TestProxy
let strict: OneProxy
let open: OneProxy
let ungated: OneProxy
before(async () => {
  proxy = await startTestProxy()
  const roles = Object.fromEntries(
    [MODERATOR, ...Object.values(ROLES)].map((role) => [
      role,
      { claim: 'metadata.role', equals: role },
    ]),
  )
  const { url: issuer, jwksUrl } = proxy.issuer
  const env = { PROXY_JWT_PROVIDERS: JSON.stringify([{ issuer, jwksUrl, roles }]) }
  strict = await proxy.another({ env })
  ungated = await proxy.another({ env, overrides: { gate: openGate } })
  open = await proxy.another({ env: { ...env, PROXY_ANONYMOUS: 'on' } })
  await proxy.asOwner(`
    create role ${MODERATOR} nologin;
    grant authenticated to ${MODERATOR};
    create policy "moderators see all" on memos for select to ${MODERATOR}
      using ((select auth.session() -> 'metadata' ->> 'role') = '${MODERATOR}');
    create role ${ROLES.bypassing} nologin bypassrls;
    create role ${ROLES.owning} nologin;
    create table owned (id int);
    alter table owned owner to ${ROLES.owning};
    create role ${ROLES.filing} nologin;
    grant pg_read_server_files to ${ROLES.filing};
    grant ${MODERATOR}, ${ROLES.bypassing}, ${ROLES.owning}, ${ROLES.filing} to authenticator;
    create role ${ROLES.ungranted} nologin;
    create table notices (text text);
    insert into notices values ('open to all');
    grant usage on schema public to anonymous;
    grant select on notices to anonymous;
    insert into memos (user_id, body) values ('alice', 'milk'), ('bob', 'bread')`)
})
after(async () => {
  const mine = [MODERATOR, ...Object.values(ROLES).filter((role) => role !== ROLES.missing)]
  await proxy.asOwner(`drop owned by ${mine.join()}; drop role ${mine.join()}`)
  await proxy.stop()
})

const asRole = (role: string) => ({
  'neon-connection-string': proxy.connectionString.replace('authenticated@', `${role}@`),
})

async function ask(where: OneProxy, role: string, query: string, claims: Claims | null = {}) {
  const token = claims === null ? null : await proxy.issuer.token('alice', claims)
  return proxy.post({ query }, { sqlUrl: where.sqlUrl, headers: asRole(role), token })
}

const code = ({ headers }: { headers: Headers }) => headers.get('proxy-error-code')
const MEMOS = 'select body from memos order by body'

test('a role that a claim permits has its own policies, and the user id stays the same', async () => {
  const claims = { metadata: { role: MODERATOR } }
  const all = await ask(strict, MODERATOR, MEMOS, claims)
  assert.deepEqual(all.json.rows, [{ body: 'bread' }, { body: 'milk' }])
  const who = await ask(strict, MODERATOR, 'select current_user::text as r, auth.user_id()', claims)
  assert.deepEqual(who.json.rows, [{ r: MODERATOR, user_id: 'alice' }])
  const changed = await ask(
    strict,
    MODERATOR,
    `update memos set body = 'mine' where user_id = 'bob'`,
    claims,
  )
  assert.equal(changed.json.rowCount, 0)
  // The same token without asking for the role.
  assert.deepEqual((await ask(strict, 'authenticated', MEMOS, claims)).json.rows, [
    { body: 'milk' },
  ])
})

test('a role that the token does not permit is refused, whatever the database allows', async () => {
  const claims = { metadata: { role: MODERATOR } }
  for (const role of [
    'authenticator',
    'postgres',
    'anonymous',
    'none',
    'pg_monitor',
    ROLES.missing,
  ]) {
    const refused = await ask(strict, role, 'select 1', claims)
    assert.equal(code(refused), 'role_refused', role)
    assert.equal(refused.status, 400)
  }
  for (const other of [{}, { metadata: { role: 'moderator' } }, { role: MODERATOR }]) {
    assert.equal(code(await ask(strict, MODERATOR, MEMOS, other)), 'role_refused')
  }
  const forOthers = await ask(strict, MODERATOR, MEMOS, null)
  assert.equal(code(forOthers), 'credentials_missing')
})

test('if SQL itself could switch roles, a policy that checks the claim still reveals nothing', async () => {
  const queries = [`set local role ${MODERATOR}`, MEMOS].map((query) => ({ query }))
  const gated = await proxy.post({ queries }, { sqlUrl: strict.sqlUrl })
  assert.equal(code(gated), 'statement_refused')
  const token = await proxy.issuer.token('alice', { metadata: { role: 'user' } })
  const { json } = await proxy.post({ queries }, { sqlUrl: ungated.sqlUrl, token })
  const [, memos] = json.results as { rows: unknown }[]
  assert.deepEqual(memos?.rows, [{ body: 'milk' }])
})

test('a role that bypasses row-level security, or does not exist, is refused in one sentence', async () => {
  const reasons = {
    bypassing: /BYPASSRLS/,
    owning: /owns tables/,
    filing: /files of the database server/,
    ungranted: /not granted to the role that the proxy logs in as/,
    missing: /does not exist/,
  }
  for (const [key, reason] of Object.entries(reasons)) {
    const role = ROLES[key as keyof typeof ROLES]
    const refused = await ask(strict, role, 'select 1', { metadata: { role } })
    assert.equal(refused.status, 400)
    assert.equal(code(refused), 'role_unavailable', role)
    assert.match(String(refused.json.message), reason)
    assert.match(String(refused.json.hint), new RegExp(`grant ${role} to authenticator`))
  }
})

test('without a token, if enabled, anonymous reads what is granted to it and nothing else', async () => {
  const notices = await ask(open, 'anonymous', 'select text from notices', null)
  assert.deepEqual(notices.json.rows, [{ text: 'open to all' }])
  const memos = await ask(open, 'anonymous', MEMOS, null)
  assert.equal(memos.json.code, '42501')
  const changed = await ask(open, 'anonymous', `insert into notices values ('spam')`, null)
  assert.equal(changed.json.code, '42501')
  const who = await ask(open, 'anonymous', 'select auth.user_id() as id, auth.session() as s', null)
  assert.deepEqual(who.json.rows, [{ id: null, s: null }])
})

test('anonymous access is refused if not enabled, with a token, or for another role', async () => {
  assert.equal(code(await ask(strict, 'anonymous', 'select 1', null)), 'credentials_missing')
  assert.equal(code(await ask(open, 'anonymous', 'select 1')), 'role_refused')
  assert.equal(code(await ask(open, 'authenticated', 'select 1', null)), 'credentials_missing')
  assert.equal(code(await ask(open, MODERATOR, 'select 1', null)), 'credentials_missing')
})
