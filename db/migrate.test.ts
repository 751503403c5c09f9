import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { after, before, describe, test } from 'node:test'
import type { Client } from 'pg'
import { z } from 'zod'
import { startTestDatabase, type TestDatabase } from '../dev/postgres/testing/test-database'
import { freePort } from '../proxy/test/postgres/test-server'
import { DatabaseError } from '../proxy/install/database-error'
import { install } from '../proxy/install/install'
import { migrate } from './migrate'
import { connect, runAs, seal } from '../proxy/test/testing/as-user'

const MIGRATIONS = join('db', 'migrations')

let database: TestDatabase
let owner: Client

/** Databases beside it. */
const created: string[] = []

before(async () => {
  database = await startTestDatabase()
  owner = await connect(database.ownerUrl)
})

after(async () => {
  for (const name of created) await owner.query(`drop database ${name} with (force)`)
  await owner.end()
  await database.stop()
})

const newKey = () => randomBytes(32).toString('base64')

async function userIdWith(sessionKey: string) {
  const authenticator = await connect(database.authenticatorUrl)
  try {
    const token = seal(sessionKey, { sub: 'user_alice' })
    const { rows } = await runAs(
      authenticator,
      { role: 'authenticated', token },
      'select auth.user_id() as id',
    )
    return rows[0]?.id
  } finally {
    await authenticator.end()
  }
}

describe('the migrations', () => {
  const journal = z
    .object({ entries: z.array(z.object({ tag: z.string(), when: z.number() })) })
    .parse(JSON.parse(readFileSync(join(MIGRATIONS, 'meta', '_journal.json'), 'utf8')))

  test('create the tables of the schema: drizzle-kit has nothing to add', () => {
    const copy = mkdtempSync(join(tmpdir(), 'migrations-'))
    try {
      cpSync(MIGRATIONS, copy, { recursive: true })
      const out = relative(process.cwd(), copy)
      const kit = drizzleKit(
        {},
        'generate',
        '--dialect=postgresql',
        '--schema=db/schema/index.ts',
        `--out=${out}`,
      )
      assert.equal(kit.status, 0, kit.stderr)
      assert.deepEqual(readdirSync(copy), readdirSync(MIGRATIONS))
    } finally {
      rmSync(copy, { recursive: true })
    }
  })

  test('are in the order of their times, or Drizzle would skip one', () => {
    const times = journal.entries.map((entry) => entry.when)
    assert.deepEqual(
      times,
      times.toSorted((a, b) => a - b),
    )
  })

  test('can be applied again and change nothing', async () => {
    const notices: string[] = []
    await migrate({ databaseUrl: database.ownerUrl, onNotice: (notice) => notices.push(notice) })
    assert.deepEqual(notices, [])
  })

  test('are the ones that drizzle-kit migrate applies, once the proxy’s part is installed', async () => {
    const url = await emptyDatabase()
    await install({ databaseUrl: url })
    const kit = drizzleKit({ DATABASE_URL: url }, 'migrate')
    assert.equal(kit.status, 0, kit.stderr)
    const client = await connect(url)
    const { rows } = await client.query(
      `select relrowsecurity from pg_class where oid = 'public.todos'::regclass`,
    )
    assert.deepEqual(rows, [{ relrowsecurity: true }])
    await client.end()
    // …and db:migrate goes on where that left off.
    await migrate({ databaseUrl: url })
  })

  test('can be applied again while a user writes', async () => {
    const user = await connect(database.ownerUrl)
    await user.query(`begin; insert into todos (user_id, task) values ('alice', 'unfinished')`)
    const impatient = new URL(database.ownerUrl)
    impatient.searchParams.set('options', '-c lock_timeout=2s')
    await migrate({ databaseUrl: impatient.href })
    await user.query('rollback')
    await user.end()
  })

  test('close again what a restore into a new database has opened up', async () => {
    const temporary = () =>
      owner.query(
        `select has_database_privilege('authenticated', current_database(), 'temp') as may`,
      )
    const { rows: names } = await owner.query<{ name: string }>('select current_database() as name')
    await owner.query(`grant temporary on database ${names[0]?.name ?? ''} to public`)
    assert.deepEqual((await temporary()).rows, [{ may: true }])
    await migrate({ databaseUrl: database.ownerUrl })
    assert.deepEqual((await temporary()).rows, [{ may: false }])
  })
})

describe('moderators', () => {
  const mayBecome = async () => {
    const { rows } = await owner.query<{ may: boolean }>(
      `select pg_has_role('authenticator', 'moderator', 'member') as may`,
    )
    return rows[0]?.may
  }
  const provider = { issuer: 'https://clerk.example.com', audience: 'app' }
  const roles = { moderator: { claim: 'metadata.role', equals: 'moderator' } }

  test('are let in by the database only where a provider’s claim permits them', async () => {
    for (const providers of ['', '[', JSON.stringify([provider]), undefined]) {
      await migrate({
        databaseUrl: database.ownerUrl,
        ...(providers !== undefined && { providers }),
      })
      assert.equal(await mayBecome(), false, providers)
    }
    const providers = JSON.stringify([provider, { ...provider, issuer: 'https://x.test', roles }])
    try {
      for (let times = 0; times < 2; times++) {
        await migrate({ databaseUrl: database.ownerUrl, providers })
        assert.equal(await mayBecome(), true)
      }
    } finally {
      await owner.query('revoke moderator from authenticator')
    }
  })
})

describe('the session key', () => {
  test('of before stays valid beside a new one, until it is retired', async () => {
    const next = newKey()
    assert.equal(await userIdWith(database.sessionKey), 'user_alice')
    await assert.rejects(userIdWith(next), { code: '28000' })

    await migrate({ databaseUrl: database.ownerUrl, sessionKey: next })
    assert.equal(await userIdWith(database.sessionKey), 'user_alice')
    assert.equal(await userIdWith(next), 'user_alice')

    await migrate({ databaseUrl: database.ownerUrl, sessionKey: next, retireKeys: true })
    await assert.rejects(userIdWith(database.sessionKey), { code: '28000' })
    assert.equal(await userIdWith(next), 'user_alice')
  })

  test('may be longer than a block of SHA-256', async () => {
    const long = randomBytes(100).toString('base64')
    await migrate({ databaseUrl: database.ownerUrl, sessionKey: long })
    assert.equal(await userIdWith(long), 'user_alice')
  })
})

describe('a mistake is one sentence, without the password', () => {
  const url = (change: (url: URL) => void) => {
    const changed = new URL(database.ownerUrl)
    changed.password = 'hunter2'
    change(changed)
    return changed.href
  }
  const MISTAKES: [string, () => Promise<Parameters<typeof migrate>[0]>, RegExp][] = [
    ['no DATABASE_URL', () => options(''), /^DATABASE_URL is not set: /],
    ['a DATABASE_URL that is none', () => options('hunter2'), /^DATABASE_URL is not a connection/],
    [
      'a server that is not there',
      async () => {
        const port = String(await freePort())
        return { databaseUrl: url((changed) => (changed.port = port)) }
      },
      /^DATABASE_URL \(.*\): nothing listens there \(is the server running\?\)\.$/,
    ],
    [
      'a wrong password',
      () => options(url(() => undefined)),
      /^DATABASE_URL \(.*\): the user or the password is wrong\.$/,
    ],
    [
      'a database that is not there',
      () => {
        const missing = new URL(database.ownerUrl)
        missing.pathname = '/missing'
        return options(missing.href)
      },
      /^DATABASE_URL \(.*\/missing\): the database does not exist: create it first\.$/,
    ],
    [
      'a user who owns nothing',
      () => options(database.authenticatorUrl),
      /^DATABASE_URL \(authenticator at .*\): the server answered “.*” \(42501\); use the database’s owner\.$/,
    ],
    [
      'a database in another encoding',
      async () =>
        options(await emptyDatabase(`encoding 'SQL_ASCII' locale 'C' template template0`)),
      /^DATABASE_URL \(.*\): the server answered “the database is encoded in SQL_ASCII, .* create one with ENCODING 'UTF8'” \(0A000\)\.$/,
    ],
    [
      'a session key that is too short',
      () => Promise.resolve({ databaseUrl: database.ownerUrl, sessionKey: 'aHVudGVyMg==' }),
      /^PROXY_SESSION_KEY: the session key has 7 bytes and needs 32/,
    ],
    [
      'a proxy that would log in as the owner',
      () =>
        Promise.resolve({ databaseUrl: database.ownerUrl, proxyDatabaseUrl: url(() => undefined) }),
      /^PROXY_DATABASE_URL must log in as authenticator\.$/,
    ],
  ]
  for (const [name, options, words] of MISTAKES) {
    test(name, async () => {
      await assert.rejects(options().then(migrate), (error: unknown) => {
        assert(error instanceof DatabaseError, String(error))
        assert.match(error.message, words)
        assert.doesNotMatch(error.message, /hunter2|\n/)
        assert(!error.message.includes(new URL(database.ownerUrl).password))
        return true
      })
    })
  }

  test('on the command line too', () => {
    const env = { ...process.env, DATABASE_URL: 'postgresql://o:hunter2@127.0.0.1:1/x' }
    const command = spawnSync(process.execPath, ['--import', 'tsx', 'db/migrate.ts'], { env })
    assert.equal(command.status, 1)
    assert.equal(
      command.stderr.toString(),
      'DATABASE_URL (o at 127.0.0.1:1/x): nothing listens there (is the server running?).\n',
    )
  })
})

const options = (databaseUrl: string) => Promise.resolve({ databaseUrl })

async function emptyDatabase(settings = ''): Promise<string> {
  const name = `empty_${randomBytes(6).toString('hex')}`
  await owner.query(`create database ${name} ${settings}`)
  created.push(name)
  const url = new URL(database.ownerUrl)
  url.pathname = name
  return url.href
}

function drizzleKit(env: Record<string, string>, ...args: string[]) {
  return spawnSync(process.execPath, ['node_modules/drizzle-kit/bin.cjs', ...args], {
    env: { ...process.env, ...env },
    encoding: 'utf8',
  })
}
