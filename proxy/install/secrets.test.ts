import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { DatabaseError as PostgresError, type Client } from 'pg'
import { startTestDatabase, type TestDatabase } from '../test/testing/fixture'
import { DatabaseError } from './database-error'
import { installPassword, type Connection } from './secrets'
import { connect } from '../test/testing/as-user'

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

/** A host that answers as told, and remembers what it was sent. */
function host(answer: (sql: string) => PostgresError | null) {
  const sent: string[] = []
  const connection: Connection = {
    query: (sql) => {
      sent.push(sql)
      const error = answer(sql)
      return error ? Promise.reject(error) : Promise.resolve({ rows: [], rowCount: 0 })
    },
  }
  return { sent, connection }
}

function refusal(code: string): PostgresError {
  return Object.assign(new PostgresError('refused', 0, 'error'), { code })
}

const noNotice = (notice: string) => assert.fail(notice)

describe('the password of authenticator', () => {
  test('is not in anything that is sent to the server', async () => {
    const { sent, connection } = host(() => null)
    await installPassword(connection, 'hunter2', noNotice)
    assert.equal(sent.length, 1)
    assert.match(sent.join(), /^alter role authenticator password 'SCRAM-SHA-256\$4096:/)
    assert.doesNotMatch(sent.join(), /hunter2/)
  })

  test('is stored by a real server just as it was sent, and lets the proxy in', async () => {
    const { rows } = await owner.query<{ rolpassword: string }>(
      `select rolpassword from pg_authid where rolname = 'authenticator'`,
    )
    assert.match(rows[0]?.rolpassword ?? '', /^SCRAM-SHA-256\$/)
    await (await connect(database.authenticatorUrl)).end()
    const wrong = new URL(database.authenticatorUrl)
    wrong.password = 'guess'
    await assert.rejects(connect(wrong.href), { code: '28P01' })
  })

  test('is sent as it is, with a notice, only to a host that takes nothing else', async () => {
    const { sent, connection } = host((sql) => (sql.includes('SCRAM') ? refusal('22023') : null))
    const notices: string[] = []
    await installPassword(connection, `it's hunter2`, (notice) => notices.push(notice))
    assert.equal(sent.at(-1), `alter role authenticator password 'it''s hunter2'`)
    assert.match(notices.join(), /Weaker/)
    assert.doesNotMatch(notices.join(), /hunter2/)
  })

  test('is never sent as it is where the role may not be altered at all', async () => {
    const { sent, connection } = host(() => refusal('42501'))
    await assert.rejects(installPassword(connection, 'hunter2', noNotice), { code: '42501' })
    assert.doesNotMatch(sent.join(), /hunter2/)
  })

  test('must be of printable ASCII, for no two programs agree on the rest', async () => {
    const { sent, connection } = host(() => null)
    await assert.rejects(installPassword(connection, 'pässword', noNotice), (error: unknown) => {
      assert(error instanceof DatabaseError)
      assert.doesNotMatch(error.message, /pässword/)
      return true
    })
    assert.deepEqual(sent, [])
  })
})
