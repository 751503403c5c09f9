import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { Client } from 'pg'
import { becomeUser } from '../../auth/identity'
import { PostgresConnection } from '../../postgres/connection'
import { rowSink } from '../../postgres/messages'
import { parseSessionKey } from '../../auth/session-key'
import { statementKey, StatementCache } from '../../execute/statement-cache'
import { startTestProxy, type TestProxy } from '../../../test/testing/proxy'
import { warmUpUser } from './warm-up-user'
import { createPrepareSession } from './prepare-session'

const OF_A_TABLE_THAT_IS_NOT_THERE = 'select * from nowhere'
const STATEMENTS = [
  'select id, body from memos where id = $1 and is_archived = $2',
  OF_A_TABLE_THAT_IS_NOT_THERE,
  'delete from memos',
  `insert into memos (body) values ('Not added')`,
]

const TIMEOUT_MS = 15_000

let proxy: TestProxy
let connection: PostgresConnection
before(async () => {
  proxy = await startTestProxy()
  await proxy.asOwner(`insert into memos (user_id, body) values ('alice', 'Stay')`)
  connection = await prepared()
})
after(async () => {
  connection.destroy()
  await proxy.stop()
})

async function prepared(): Promise<PostgresConnection> {
  const settings = { url: proxy.variables.PROXY_DATABASE_URL ?? '', statementTimeoutMs: TIMEOUT_MS }
  const opened = await PostgresConnection.open(settings, 1024 * 1024)
  const sessionKey = parseSessionKey(proxy.variables.PROXY_SESSION_KEY ?? '')
  await createPrepareSession({
    look: () => Promise.resolve(),
    statements: () => STATEMENTS,
    identity: () => warmUpUser(sessionKey),
  })(opened)
  return opened
}

test('an expected statement is found prepared by a request', () => {
  const keyOf = (sql: string) =>
    new StatementCache().keyOf(
      { leavesState: false, isRead: true, holdsContent: false },
      'authenticated',
      sql,
      'alice',
    )
  for (const sql of STATEMENTS) {
    assert.equal(connection.knows(keyOf(sql)), sql !== OF_A_TABLE_THAT_IS_NOT_THERE, sql)
  }
})

test('no expected statement has run, and the session has no identity afterwards', async () => {
  assert.deepEqual(await proxy.asOwner('select user_id, body from memos'), [
    { user_id: 'alice', body: 'Stay' },
  ])
  assert.equal(connection.isReusable, true)
  const rows: (readonly (string | null)[])[] = []
  const sink = rowSink((row) => rows.push(row))
  const who = `select current_user, current_setting('auth.session_token', true)`
  await connection.run([{ sql: who, params: [], sink }])
  assert.deepEqual(rows, [['authenticator', '']])
})

test('an expected statement has its plan already', async () => {
  await proxy.asOwner('grant execute on function pg_prepared_statement() to authenticator')
  const plans =
    'select generic_plans, custom_plans from pg_prepared_statements where statement = $1'
  for (const sql of STATEMENTS.filter((known) => known !== OF_A_TABLE_THAT_IS_NOT_THERE)) {
    const rows: (readonly (string | null)[])[] = []
    await connection.run([{ sql: plans, params: [sql], sink: rowSink((row) => rows.push(row)) }])
    assert.deepEqual(rows, [['1', '0']], sql)
  }
})

test('a locked table does not block a new session', async () => {
  const owner = new Client({ connectionString: proxy.ownerUrl })
  await owner.connect()
  try {
    await owner.query('begin')
    await owner.query('lock table memos in access exclusive mode')
    const started = performance.now()
    const other = await prepared()
    assert.equal(other.isReusable, true)
    // Without the short lock timeout, it would wait for half of the statement timeout or longer.
    assert.ok(performance.now() - started < TIMEOUT_MS / 2)
    other.destroy()
  } finally {
    await owner.end()
  }
})

test('a statement prepared in advance runs like any other', async () => {
  const rows: (readonly (string | null)[])[] = []
  const [sql = ''] = STATEMENTS
  await connection.run([
    becomeUser({ role: 'authenticated', sessionToken: '' }),
    {
      sql,
      key: statementKey('authenticated', sql),
      params: ['8c3b7d5e-52a7-4f8e-9a57-1d1f0c9f4b11', 'f'],
      sink: rowSink((row) => rows.push(row)),
    },
  ])
  assert.deepEqual(rows, [])
})
