import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect } from 'node:net'
import { after, before, test } from 'node:test'
import { startPasswordProxy, type PasswordProxy } from '../../test/testing/password'

let local: PasswordProxy
before(async () => {
  local = await startPasswordProxy({ PROXY_STATEMENT_TIMEOUT_MS: '500' })
})
after(() => local.stop())

test('a body that never comes holds a session only until the request’s deadline', async () => {
  assert.equal((await local.ask('select 1')).status, 200)
  const { hostname, port } = new URL(local.proxy.url)
  const answers = Array.from({ length: 10 }, async () => {
    const socket = connect(Number(port), hostname)
    socket.write(
      `POST /sql HTTP/1.1\r\nhost: x\r\ncontent-length: 9\r\nneon-connection-string: ${local.connectionString()}\r\n\r\n{`,
    )
    const [answer] = (await once(socket, 'data')) as [Buffer]
    socket.destroy()
    return answer.toString()
  })
  for (const answer of await Promise.all(answers)) {
    assert.match(answer, /^HTTP\/1\.1 400 .*connection: close.*"code":"57014"/is)
  }
  assert.equal((await local.ask('select 1')).status, 200)
})

test('the statement timeout applies, whatever an earlier statement has set', async () => {
  await local.ask('set statement_timeout = 0')
  const { status, json } = await local.ask('select pg_sleep(60)')
  assert.deepEqual([status, json.code], [400, '57014'])
  // The deadline of the whole request still applies.
  const queries = [{ query: 'set statement_timeout = 0' }, { query: 'select pg_sleep(60)' }]
  const batch = await local.ask({ queries })
  assert.deepEqual([batch.status, batch.json.code], [400, '57014'])
  const running = await local.proxy.asOwner(
    `select from pg_stat_activity where usename = '${local.keeper}' and query like '%pg_sleep(60)%' and state = 'active'`,
  )
  assert.ok(running.length <= 1)
})
