import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import type { Client } from 'pg'
import { connect, runAs, seal } from '../test/testing/as-user'
import { catalogRowsOf, differences } from '../test/testing/catalogs'
import { startTestServer, type TestServer } from '../test/postgres/test-server'
import { PACKAGE } from '../test/testing/paths'
import { DatabaseError } from './database-error'
import { install } from './install'

const SQL = join(PACKAGE, 'sql')
const sessionKey = randomBytes(32).toString('base64')

let server: TestServer
let superuser: Client
let databaseUrl: string
let proxyDatabaseUrl: string
let owner: Client

before(async () => {
  server = await startTestServer()
  superuser = await connect(server.url)
  databaseUrl = await newDatabase()
  const login = new URL(databaseUrl)
  login.username = 'authenticator'
  login.password = 'authenticator'
  proxyDatabaseUrl = login.href
  await install({ databaseUrl, proxyDatabaseUrl, sessionKey })
  owner = await connect(databaseUrl)
})

after(async () => {
  await owner.end()
  await superuser.end()
  await server.stop()
})

describe('an empty database, once installed', () => {
  test('knows who asks', async () => {
    const authenticator = await connect(proxyDatabaseUrl)
    const token = seal(sessionKey, { sub: 'alice' })
    const { rows } = await runAs(
      authenticator,
      { role: 'authenticated', token },
      'select auth.user_id() as id',
    )
    assert.deepEqual(rows, [{ id: 'alice' }])
    await authenticator.end()
  })

  test('has no tables outside the proxy’s own schemas', async () => {
    const { rows } = await owner.query(
      `select relname from pg_class as c join pg_namespace as n on n.oid = relnamespace
       where relkind = 'r' and nspname !~ '^pg_' and nspname not in ('information_schema', 'private', 'proxy_state')`,
    )
    assert.deepEqual(rows, [])
  })
})

describe('installing again', () => {
  test('writes no row of the catalogs, and says nothing', async () => {
    const before = await catalogRowsOf(owner)
    const notices: string[] = []
    await install({ databaseUrl, onNotice: (notice) => notices.push(notice) })
    assert.deepEqual(notices, [])
    assert.deepEqual(differences(await catalogRowsOf(owner), before), { only: [], missing: [] })
  })

  test('runs the files whose text is new to the database, and no others', async () => {
    const changed = () =>
      owner.query(
        `select auth.jwt() ->> 'is' as identity, proname as hardening from pg_proc
         where proname = 'harden' and prosrc = ' begin end '`,
      )
    await owner.query(`
      create or replace function auth.jwt() returns jsonb language sql return '{"is": "changed"}'::jsonb;
      create or replace function private.harden() returns void language plpgsql as ' begin end '`)
    await install({ databaseUrl })
    assert.deepEqual((await changed()).rows, [{ identity: 'changed', hardening: 'harden' }])
    await forget('04_identity.sql')
    await install({ databaseUrl })
    assert.deepEqual((await changed()).rows, [{ identity: null, hardening: 'harden' }])
    await forget('08_hardening.sql')
    await install({ databaseUrl })
    assert.deepEqual((await changed()).rows, [])
  })

  test('twice at once runs a new file in one of the two', async () => {
    await forget('04_identity.sql')
    await Promise.all([install({ databaseUrl }), install({ databaseUrl })])
    const { rows } = await owner.query('select count(*)::int as files from private.installed_files')
    assert.deepEqual(rows, [{ files: sqlFiles().length }])
  })

  test('waits for nobody who reads or writes', async () => {
    const user = await connect(databaseUrl)
    await user.query(`create table public.notes (user_id text default auth.user_id(), body text);
      alter table public.notes enable row level security;
      grant select, insert on public.notes to authenticated`)
    await install({ databaseUrl })
    await user.query(`begin; insert into public.notes values ('alice', 'unfinished');
      table private.session_keys; table proxy_state.schema_version`)
    const impatient = new URL(databaseUrl)
    impatient.searchParams.set('options', '-c lock_timeout=2s')
    await install({ databaseUrl: impatient.href })
    await user.query('rollback; drop table public.notes')
    await user.end()
  })

  test('leaves an operator’s settings of the login, and sets what is missing', async () => {
    await superuser.query(
      `alter role authenticator set statement_timeout = '12s'; alter role authenticator reset jit`,
    )
    await install({ databaseUrl })
    const { rows } = await superuser.query(
      `select setting from pg_roles, unnest(rolconfig) as setting
       where rolname = 'authenticator' and setting ~ '^(jit|statement_timeout)=' order by 1`,
    )
    assert.deepEqual(rows, [{ setting: 'jit=off' }, { setting: 'statement_timeout=12s' }])
  })
})

describe('nothing is installed', () => {
  const TAKEN: [string, string, RegExp][] = [
    [
      'where a schema of that name holds something else',
      'create schema auth; create table auth.users (id int)',
      /the server answered “schema "auth" already exists” \(42P06\)\.$/,
    ],
    [
      'where a stranger has made a schema of that name, and noted in it that all is installed',
      `create role stranger; create schema private authorization stranger;
       create table private.installed_files (name text primary key, digest text);
       create table private.session_keys (kid text, inner_pad bytea, outer_pad bytea);
       alter table private.installed_files owner to stranger;
       insert into private.installed_files values ${sqlFiles()
         .map((name) => `('${name}', '${digestOf(name)}')`)
         .join()}`,
      /the server answered “the schema private belongs to stranger, .*” \(42501\); use the database’s owner\.$/,
    ],
  ]
  for (const [when, sql, sentence] of TAKEN) {
    test(when, async () => {
      const url = await newDatabase()
      const client = await connect(url)
      await client.query(sql)
      const before = await catalogRowsOf(client)
      await assert.rejects(install({ databaseUrl: url }), (error: unknown) => {
        assert(error instanceof DatabaseError, String(error))
        assert.match(error.message, sentence)
        return true
      })
      assert.deepEqual(differences(await catalogRowsOf(client), before), { only: [], missing: [] })
      await client.end()
    })
  }
})

test('each function, table and role stands in one file, once', () => {
  // Not the functions of which each table has its own: private.%I.
  const CREATE =
    /\bcreate (?:or replace )?(?:function|table|role|schema) (?:if not exists )?[\w.]*\w\b(?!\.)/g
  const made = sqlFiles().flatMap(
    (name) => readFileSync(join(SQL, name), 'utf8').match(CREATE) ?? [],
  )
  assert.ok(made.includes('create or replace function auth.user_id'))
  assert.deepEqual(made.toSorted(), [...new Set(made)].toSorted())
})

test('a mistake on the command line is one sentence, without the password', () => {
  const run = (...args: string[]) => {
    const env = { ...process.env, DATABASE_URL: 'postgresql://o:hunter2@127.0.0.1:1/x' }
    const command = [`--import`, 'tsx', join(PACKAGE, 'install', 'main.ts'), ...args]
    const { status, stderr } = spawnSync(process.execPath, command, { env, encoding: 'utf8' })
    return { status, stderr }
  }
  assert.deepEqual(run(), {
    status: 1,
    stderr: 'DATABASE_URL (o at 127.0.0.1:1/x): nothing listens there (is the server running?).\n',
  })
  assert.deepEqual(run('--retire'), {
    status: 1,
    stderr: '“--retire” is no option of proxy:install: there is only --retire-keys.\n',
  })
})

function sqlFiles(): string[] {
  return readdirSync(SQL).filter((name) => name.endsWith('.sql'))
}

function digestOf(name: string): string {
  return createHash('sha256')
    .update(readFileSync(join(SQL, name)))
    .digest('hex')
}

/** As if the file's text had changed since. */
async function forget(name: string) {
  const { rowCount } = await owner.query(
    `update private.installed_files set digest = repeat('0', 64) where name = $1`,
    [name],
  )
  assert.equal(rowCount, 1)
}

async function newDatabase(): Promise<string> {
  const name = `install_${randomBytes(6).toString('hex')}`
  await superuser.query(`create database ${name}`)
  const url = new URL(server.url)
  url.pathname = name
  return url.href
}
