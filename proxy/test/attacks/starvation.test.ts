import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { startArena, type Arena } from '../testing/arena'

let arena: Arena
before(async () => {
  arena = await startArena({ PROXY_POOL_SIZE: '4', PROXY_MAX_IN_FLIGHT_PER_USER: '10' })
  await arena.proxy.asOwner(
    `create function nap(seconds float) returns void security definer language sql as 'select pg_sleep(seconds)'`,
  )
})
after(() => arena.proxy.stop())

/** The number of Bob's statements that Postgres is running. */
async function running(): Promise<number> {
  const rows = await arena.proxy.asOwner(
    `select from pg_stat_activity where state = 'active' and query like 'select nap%'`,
  )
  return rows.length
}

test('ten slow statements of one user leave room for the others, however small the pool is', async () => {
  const { bob, alice, open } = arena
  const naps = Array.from({ length: 10 }, () => bob(open, 'select nap(0.5)'))
  while ((await running()) < 2);
  const started = performance.now()
  for (let i = 0; i < 3; i++) {
    assert.equal((await alice(open, 'select 1')).status, 200)
    assert.ok((await running()) <= 2, 'Bob holds half of the sessions at most')
  }
  assert.ok(performance.now() - started < 1_500, 'Alice does not wait for Bob')
  const eleventh = await bob(open, 'select 1')
  assert.equal(eleventh.status, 429)
  assert.equal(eleventh.headers.get('retry-after'), '1')
  for (const told of await Promise.all(naps)) assert.equal(told.status, 200, told.text)
})

test('with one session, a user waits for at most one of another’s many statements', async () => {
  const { bob, alice, proxy } = arena
  const one = await proxy.another({ env: { PROXY_POOL_SIZE: '1', PROXY_FUNCTIONS: 'public.nap' } })
  const order: string[] = []
  const mark = (name: string) => () => order.push(name)
  const naps = [1, 2, 3, 4].map(() => bob(one, 'select public.nap(0.2)').then(mark('bob')))
  while ((await runningHere()) < 1);
  await Promise.all([...naps, alice(one, 'select 1').then(mark('alice'))])
  assert.ok(order.indexOf('alice') <= 1, order.join())

  async function runningHere(): Promise<number> {
    const rows = await proxy.asOwner(
      `select from pg_stat_activity where state = 'active' and query like 'select public.nap%'`,
    )
    return rows.length
  }
})
