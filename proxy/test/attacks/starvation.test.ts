import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { startArena, type Arena } from '../testing/arena'
import { until } from '../testing/until'

let arena: Arena
before(async () => {
  arena = await startArena({ PROXY_POOL_SIZE: '4', PROXY_MAX_IN_FLIGHT_PER_USER: '10' })
  await arena.proxy.asOwner(
    `create function nap(seconds float) returns void security definer language sql as 'select pg_sleep(seconds)';
     create function nap_until_woken() returns void security definer language sql set lock_timeout = 0
       as 'select pg_advisory_lock_shared(1), pg_advisory_unlock_shared(1)'`,
  )
})
after(() => arena.proxy.stop())

/** The number of Bob's statements that Postgres is running. */
async function running(): Promise<number> {
  const rows = await arena.proxy.asOwner(
    `select from pg_stat_activity where state = 'active' and usename = 'authenticator' and query like '%nap%'`,
  )
  return rows.length
}

test('ten slow statements of one user leave room for the others, however small the pool is', async () => {
  const { bob, alice, open, proxy } = arena
  await proxy.asOwner('select pg_advisory_lock(1)')
  const naps = Array.from({ length: 10 }, () => bob(open, 'select nap_until_woken()'))
  await until(async () => (await running()) >= 2)
  // None of them ends before Alice has all her answers.
  for (let i = 0; i < 3; i++) {
    assert.equal((await alice(open, 'select 1')).status, 200)
    assert.equal(await running(), 2, 'Bob holds half of the sessions')
  }
  const eleventh = await bob(open, 'select 1')
  assert.equal(eleventh.status, 429)
  assert.equal(eleventh.headers.get('retry-after'), '1')
  await proxy.asOwner('select pg_advisory_unlock(1)')
  for (const told of await Promise.all(naps)) assert.equal(told.status, 200, told.text)
})

test('with one session, a user waits for at most one of another’s many statements', async () => {
  const { bob, alice, proxy } = arena
  const one = await proxy.another({ env: { PROXY_POOL_SIZE: '1', PROXY_FUNCTIONS: 'public.nap' } })
  const order: string[] = []
  const mark = (name: string) => () => order.push(name)
  const naps = [1, 2, 3, 4].map(() => bob(one, 'select public.nap(0.5)').then(mark('bob')))
  await until(async () => (await running()) >= 1)
  await Promise.all([...naps, alice(one, 'select 1').then(mark('alice'))])
  assert.ok(order.indexOf('alice') <= 1, order.join())
})
