import assert from 'node:assert/strict'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { request, type IncomingMessage } from 'node:http'
import { after, before, describe, test } from 'node:test'
import { Client } from 'pg'
import { startThrowawayDatabase } from '../../../proxy/test/postgres/throwaway-database'
import { parseConfig } from '../../../proxy/src/config/config'
import { startProxy } from '../../../proxy/src/server'
import { migrate } from '../../../db/migrate'
import { EXERCISES, MISTAKES, TAMPERS, type NewWorld, type Outcome } from './api'
import { LabError } from './client'
import { record, type Recording } from '../tokens/recording'
import { startService } from './service'
import { startTestLab, type TestLab } from './testing/test-lab'

const RECORDED = new URL('../policies/recorded.json', import.meta.url)
const RECORDED_TOKENS = new URL('../tokens/recorded.json', import.meta.url)
const BOB = { sub: 'bob' }
const READ = 'select user_id, task from todos order by task'

let server: TestLab['server']
let service: TestLab['service']
let lab: TestLab['lab']
let stop: TestLab['stop']

before(async () => {
  ;({ lab, server, service, stop } = await startTestLab())
})
after(() => stop())

/** The users whose rows an answer holds. */
function owners({ results }: Outcome): string[] {
  return [...new Set(results[0]?.rows.map(([owner]) => owner ?? ''))].sort()
}

async function inWorld<T>(order: NewWorld, work: (id: string) => Promise<T>): Promise<T> {
  const { world } = await lab.makeWorld(order)
  try {
    return await work(world)
  } finally {
    await lab.drop(world)
  }
}

/** What differs from one run to the next: times, and what the issuer makes anew. */
function withoutTimes(value: unknown): unknown {
  const changing = /^(ms|iat|exp|nbf|sid|kid|iss|database)$/
  return JSON.parse(
    JSON.stringify(value, (key, member: unknown) => (changing.test(key) ? undefined : member)),
  )
}

describe('a world as shipped', () => {
  let id: string
  before(async () => {
    id = (await lab.makeWorld({ variant: 'as shipped' })).world
  })
  after(() => lab.drop(id))

  test('shows each user their own todos and those of their lists, and none without a token', async () => {
    const bob = await lab.run(id, { as: BOB, sql: READ })
    assert.deepEqual(bob.error, null)
    assert.deepEqual(
      bob.results[0]?.rows.map(([, task]) => task),
      [
        'Fix the squeaky bike',
        'Make a playlist',
        'Return the library books',
        'Send the invitations',
      ],
    )
    const carol = await lab.run(id, { as: { sub: 'carol' }, sql: READ })
    assert.deepEqual(owners(carol), ['carol'])
    assert.equal((await lab.run(id, { as: null, sql: READ })).error?.code, '42501')
  })

  test('shows a moderator what was reported, by the claim and not by the role alone', async () => {
    const morgan = { sub: 'morgan', role: 'moderator' } as const
    const claims = { metadata: { role: 'moderator' } }
    const sees = async (as: typeof morgan & { claims?: typeof claims }) =>
      (await lab.run(id, { as, sql: 'select task from todos' })).results[0]?.rows
    assert.deepEqual(await sees({ ...morgan, claims }), [['Send the invitations']])
    assert.equal((await lab.run(id, { as: morgan, sql: READ })).error?.proxyCode, 'role_refused')
  })

  test('has a gate that refuses what it refuses in front of the app', async () => {
    const { error } = await lab.run(id, { as: BOB, sql: ['reset role', READ] })
    assert.equal(error?.proxyCode, 'statement_refused')
  })

  test('undoes what was written, when that is asked, and shows it all the same', async () => {
    const sql = `update todos set task = 'changed' where user_id = 'bob' returning task`
    const tried = await lab.run(id, { as: BOB, sql, rollback: true })
    assert.equal(tried.results[0]?.rowCount, 3)
    const seen = await lab.run(id, { as: BOB, sql: READ })
    assert.ok(!JSON.stringify(seen.results).includes('changed'))
    for (const sneaky of ['commit', '/* */ commit', 'select 1; commit']) {
      const order = { as: BOB, sql: [sql, sneaky], rollback: true }
      assert.notEqual((await lab.run(id, order)).error, null, sneaky)
    }
    assert.deepEqual((await lab.run(id, { as: BOB, sql: READ })).results, seen.results)
  })

  test('has the catalog of the app: each policy as SQL and in words, and grants', async () => {
    const { tables } = await lab.catalog(id)
    const todos = tables.find(({ name }) => name === 'todos')
    assert.equal(todos?.rowSecurity, true)
    const own = todos.policies.find(({ name }) => name === 'users see their own todos')
    assert.match(own?.sql ?? '', /^create policy "users see their own todos" on todos\n/)
    assert.equal(
      own?.sentence,
      'A signed-in user may see rows where list_id is empty and user_id is the user’s own id.',
    )
    // A condition that the sentences do not know would stand there as SQL.
    for (const { sentence } of tables.flatMap(({ policies }) => policies)) {
      assert.doesNotMatch(sentence, /SELECT|\(\(|ANY/, sentence)
    }
    assert.ok(todos.grants.some(({ privilege }) => privilege === 'SELECT'))
  })

  test('asks every policy about every row, those of others too', async () => {
    const { outcome, hearings } = await lab.attempt(id, { as: BOB, sql: READ })
    assert.equal(outcome.error, null)
    const [todos] = hearings
    assert.deepEqual(
      todos?.before.policies.map(({ name }) => name),
      ['members see the todos of their lists', 'users see their own todos'],
    )
    const owner = todos.columns.indexOf('user_id')
    const seen = todos.before.rows.filter(({ verdicts }) => verdicts.includes(true))
    assert.equal(todos.before.rows.length, 8)
    assert.equal(seen.length, outcome.results[0]?.rows.length)
    assert.ok(todos.before.rows.some(({ values }) => values[owner] === 'carol'))
  })

  test('answers what the room shows where the lab is off', async () => {
    const { tables } = await lab.catalog(id)
    const table = tables.find(({ name }) => name === 'todos')
    const { outcome, hearings } = await lab.attempt(id, { as: BOB, sql: READ })
    const told = hearings.map(({ columns, before, ...hearing }) => {
      const kept = ['user_id', 'task'].map((name) => columns.indexOf(name))
      const rows = before.rows.map(({ values, verdicts }) => ({
        values: kept.map((index) => values[index]),
        verdicts,
      }))
      return { ...hearing, columns: ['user_id', 'task'], before: { ...before, rows } }
    })
    const seen = { sql: READ, table, tried: { outcome: { ...outcome, ms: 0 }, hearings: told } }
    if (process.env.RECORD) writeFileSync(RECORDED, JSON.stringify(seen, null, 2))
    assert.deepEqual(JSON.parse(readFileSync(RECORDED, 'utf8')), seen)
  })

  test('says which WITH CHECK refused a row that was never written', async () => {
    const sql = `update todos set user_id = 'alice' where task = 'Fix the squeaky bike'`
    const { outcome, hearings } = await lab.attempt(id, { as: BOB, sql })
    assert.equal(outcome.error?.code, '42501')
    // The column is not granted, so no policy was asked about the new row.
    assert.deepEqual(hearings[0]?.after.rows, [])
    const insert = `insert into todos (user_id, task) values ('alice', 'from Bob')`
    const added = await lab.attempt(id, { as: BOB, sql: insert })
    assert.equal(added.outcome.error?.code, '42501')
  })

  test('begins again when it is reset', async () => {
    const { error } = await lab.run(id, { as: BOB, sql: `delete from todos where user_id = 'bob'` })
    assert.equal(error, null)
    await lab.reset(id)
    assert.deepEqual(owners(await lab.run(id, { as: BOB, sql: READ })), ['alice', 'bob'])
  })

  test('lets the owner of its database, let alone a user, nowhere else', async () => {
    await inWorld({ variant: 'gate off' }, async (other) => {
      const whoami = `select current_database() as name, current_setting('is_superuser') as super`
      const [row] = (await lab.run(other, { as: BOB, sql: ['reset role', whoami] })).results.slice(
        1,
      )
      assert.equal(row?.rows[0]?.[1], 'off')
      const admin = new Client({ connectionString: server.url })
      await admin.connect()
      const { rows } = await admin.query<{ login: string; may: boolean }>(
        `select r.rolname as login, bool_or(has_database_privilege(r.oid, d.oid, 'connect')) as may
         from pg_roles as r, pg_database as d
         where r.rolname ~ '^lab_[0-9a-f]{12}' and d.datname <> left(r.rolname, 16) and d.datallowconn
           and d.datname ~ '^lab_[0-9a-f]{12}$'
         group by 1`,
      )
      await admin.end()
      assert.ok(rows.length >= 4)
      for (const { login, may } of rows) assert.equal(may, false, login)
    })
  })
})

describe('without a layer', () => {
  const READ_ALL = 'select user_id from todos'

  test('without the gate, the grants and policies still hold', () =>
    inWorld({ variant: 'gate off' }, async (id) => {
      const { error } = await lab.run(id, { as: BOB, sql: ['reset role', READ_ALL] })
      assert.deepEqual([error?.proxyCode, error?.code], ['postgres_error', '42501'])
    }))

  test('with grants open and no gate, the key that seals identities leaks', () =>
    inWorld({ variant: 'grants open', missing: ['gate'] }, async (id) => {
      const sql = 'select kid from private.session_keys'
      assert.equal((await lab.run(id, { as: BOB, sql })).results[0]?.rows.length, 1)
      await inWorld({ variant: 'gate off' }, async (sound) => {
        assert.equal((await lab.run(sound, { as: BOB, sql })).error?.code, '42501')
      })
    }))

  test('with a policy loosened, the todos of others leak', () =>
    inWorld({ variant: 'policy loosened' }, async (id) => {
      assert.deepEqual(owners(await lab.run(id, { as: BOB, sql: READ_ALL })), [
        'alice',
        'bob',
        'carol',
      ])
    }))

  test('with the id in a plain setting, Bob becomes Alice, and with the gate he does not', async () => {
    const attack = [`set local auth.session_token = 'alice'`, READ_ALL]
    await inWorld({ variant: 'id in a setting' }, async (id) => {
      const { results } = await lab.run(id, { as: BOB, sql: attack })
      assert.ok(results[1]?.rows.length !== undefined && results[1].rows.length > 4)
    })
    await inWorld({ variant: 'as shipped', missing: ['seal'] }, async (id) => {
      assert.equal(
        (await lab.run(id, { as: BOB, sql: attack })).error?.proxyCode,
        'statement_refused',
      )
    })
    await inWorld({ variant: 'gate off' }, async (id) => {
      assert.equal((await lab.run(id, { as: BOB, sql: attack })).error?.code, '28000')
    })
  })
})

describe('exercises', () => {
  for (const number of EXERCISES) {
    test(`number ${number} is solved by its own repair, and by no other`, () =>
      inWorld({ variant: `exercise:${number}` }, async (id) => {
        for (const [index, mistake] of MISTAKES.entries()) {
          const { isFound } = await lab.guess(id, mistake)
          assert.equal(isFound, index === number - 1, mistake)
        }
      }))
  }
})

describe('tokens', () => {
  test('are believed by a world as they are made, and by none once they are tampered with', () =>
    inWorld({ variant: 'as shipped' }, async (id) => {
      const { token } = await lab.makeToken({ claims: { sub: 'carol' } })
      assert.deepEqual((await lab.verify(id, token)).results[0]?.rows, [['carol']])
      for (const tamper of TAMPERS) {
        const { error } = await lab.verify(id, (await lab.makeToken({ tamper })).token)
        assert.match(error?.proxyCode ?? 'believed', /^token_/, tamper)
      }
      const codes = {
        token_expired: { clock: -3_600 },
        token_not_yet_valid: { claims: { nbf: Math.floor(Date.now() / 1000) + 3_600 } },
        token_issuer_unknown: { claims: { iss: 'https://elsewhere.test' } },
        token_party_refused: { claims: { azp: 'https://elsewhere.test' } },
        token_algorithm_refused: { header: { alg: 'RS384' } },
        token_key_unknown: { header: { kid: 'other' } },
      }
      for (const [code, order] of Object.entries(codes)) {
        const { error } = await lab.verify(id, (await lab.makeToken(order)).token)
        assert.equal(error?.proxyCode, code)
      }
    }))

  test('are judged as the room shows it where the lab is off', () =>
    inWorld({ variant: 'as shipped' }, async (id) => {
      const seen = await record(lab, id)
      if (process.env.RECORD) {
        writeFileSync(RECORDED_TOKENS, `${JSON.stringify(seen, null, 2)}\n`)
      }
      const recorded = JSON.parse(readFileSync(RECORDED_TOKENS, 'utf8')) as Recording
      assert.deepEqual(withoutTimes(recorded), withoutTimes(seen))
      assert.deepEqual(
        seen.endings.filter(({ check }) => check === null).map(({ label }) => label),
        ['As issued', 'As Bob'],
      )
    }))

  test('are worth nothing to a proxy that is not the lab’s', async () => {
    const database = await startThrowawayDatabase(migrate)
    const proxy = await startProxy(
      parseConfig({
        PROXY_PORT: '0',
        PROXY_DATABASE_URL: database.authenticatorUrl,
        PROXY_SESSION_KEY: database.sessionKey,
        PROXY_JWT_PROVIDERS: JSON.stringify([
          {
            name: 'app',
            issuer: 'http://127.0.0.1:9',
            authorizedParties: ['http://localhost:3000'],
          },
        ]),
      }),
      { isWarm: true, log: () => undefined },
    )
    try {
      const { token } = await lab.makeToken({})
      const response = await fetch(`${proxy.url}/sql`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${token}`,
          'neon-connection-string': `postgresql://authenticated@localhost${new URL(database.ownerUrl).pathname}`,
        },
        body: JSON.stringify({ query: 'select 1', params: [] }),
      })
      assert.equal(response.headers.get('proxy-error-code'), 'token_issuer_unknown')
      await response.body?.cancel()
    } finally {
      await proxy.close()
      await database.stop()
    }
  })
})

describe('a measurement', () => {
  test('finds the cost of asking for each row, and can be cancelled', async () => {
    const { measurement } = await lab.measure(1_000_000)
    await assert.rejects(lab.measure(1_000), LabError)
    assert.equal((await lab.cancel(measurement)).state, 'cancelled')
    const next = await lab.measure(20_000)
    const done = await untilDone(next.measurement)
    assert.equal(done.state, 'done')
    assert.ok(Math.min(...done.perRow.ms) > 5 * Math.min(...done.once.ms))
    assert.match(done.once.plan.join('\n'), /InitPlan/)
  })

  async function untilDone(id: string) {
    for (const end = Date.now() + 60_000; Date.now() < end;) {
      const found = await lab.measured(id)
      if (found.state !== 'running') return found
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
    throw new Error('the measurement did not end')
  }
})

describe('the service', () => {
  test('answers no browser: neither a page’s request nor one by another name', async () => {
    const ask = async (headers: Record<string, string>) => {
      const response = await fetch(`${service.url}/tokens`, { method: 'POST', headers, body: '{}' })
      await response.body?.cancel()
      return response.status
    }
    assert.equal(await ask({}), 200)
    assert.equal(await ask({ origin: 'http://localhost:3000' }), 403)
    assert.equal(await ask({ 'sec-fetch-site': 'cross-site' }), 403)
    const named = request(service.url, { headers: { host: 'evil.test' } }).end()
    const [response] = (await once(named, 'response')) as [IncomingMessage]
    response.resume()
    assert.equal(response.statusCode, 403)
  })

  test('says what is wrong with a request, and nothing of itself', async () => {
    await assert.rejects(lab.run('00000000-0000-4000-8000-000000000000', { as: null, sql: 'x' }), {
      name: 'LabError',
      message: /^This world is gone/,
    })
    const response = await fetch(`${service.url}/worlds`, { method: 'POST', body: '{"variant":1}' })
    assert.equal(response.status, 400)
    assert.doesNotMatch(await response.text(), /postgres|at /)
  })

  test('does not start on a server that has another database', async () => {
    const other = new Client({ connectionString: server.url })
    await other.connect()
    await other.query('create database todos')
    await assert.rejects(startService(server.url, 0), /has the database “todos”/)
    await other.query('drop database todos')
    await other.end()
  })
})
