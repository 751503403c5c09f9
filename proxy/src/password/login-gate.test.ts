import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { startPasswordProxy, type PasswordProxy } from '../../test/testing/password'

let local: PasswordProxy
before(async () => {
  local = await startPasswordProxy()
})
after(() => local.stop())

const guesses = (count: number, user = local.keeper) =>
  Array.from({ length: count }, (_, i) => local.ask('select 1', { user, password: `guess ${i}` }))
const elapsed = async (work: () => Promise<unknown>) => {
  const started = performance.now()
  await work()
  return performance.now() - started
}

test('at most eight passwords per second can be tried, for all roles together', async () => {
  assert.ok((await elapsed(() => Promise.all(guesses(6)))) >= 700)
  assert.ok((await elapsed(() => Promise.all(guesses(6, 'not-listed')))) >= 700)
})

test('guessing fills a bounded queue, which proven credentials skip', async () => {
  assert.equal((await local.ask('select 1')).status, 200)
  const guessing = guesses(60)
  const mine = await elapsed(async () => {
    assert.equal((await local.ask('select 1')).status, 200)
  })
  const statuses = (await Promise.all(guessing)).map(({ status }) => status)
  assert.ok(statuses.includes(429))
  assert.ok(statuses.every((status) => status === 400 || status === 429))
  assert.ok(mine < 6_000, `${mine} ms`)
})

test('more requests at once than there are sessions wait for one another', async () => {
  const answers = await Promise.all(
    Array.from({ length: 25 }, () => local.ask('select pg_backend_pid() as pid, pg_sleep(0.05)')),
  )
  assert.ok(answers.every(({ status }) => status === 200))
  const pids = answers.map(({ json }) => (json.rows as { pid: number }[])[0]?.pid)
  assert.ok(new Set(pids).size <= 10)
})
