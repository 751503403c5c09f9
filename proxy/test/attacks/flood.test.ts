import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Posted } from '../testing/proxy'
import { openGate, type Gate } from '../../src/gate/gate'
import { startArena, type Arena } from '../testing/arena'
import { until } from '../testing/until'

let arena: Arena
before(async () => {
  arena = await startArena()
})
after(() => arena.proxy.stop())

const limited = (told: Posted) => {
  assert.equal(told.status, 429, told.text)
  assert.equal(told.headers.get('proxy-error-code'), 'rate_limited')
  assert.match(told.headers.get('retry-after') ?? '', /^[1-9]\d*$/)
}

test('with a limit of 0 nothing is limited', async () => {
  for (let i = 0; i < 30; i++) assert.equal((await arena.bob(arena.gated, 'select 1')).status, 200)
})

test('a user who sends too many requests is told when to come back, and no other user is', async () => {
  const slow = await arena.proxy.another({
    env: { PROXY_RATE_LIMIT: '0.05', PROXY_RATE_LIMIT_PER_ADDRESS: '0' },
  })
  assert.equal((await arena.bob(slow, 'select 1')).status, 200)
  const told = await arena.bob(slow, 'select 1')
  limited(told)
  assert.ok(Number(told.headers.get('retry-after')) >= 15)
  assert.equal((await arena.alice(slow, 'select 1')).status, 200)
})

test('garbage tokens count against the address before they are parsed', async () => {
  const { sqlUrl } = await arena.proxy.another({
    env: { PROXY_RATE_LIMIT: '100', PROXY_RATE_LIMIT_PER_ADDRESS: '0.01' },
  })
  const send = (headers: Record<string, string> = {}) =>
    arena.proxy.post({ query: 'select 1' }, { sqlUrl, token: 'garbage', headers })
  assert.equal((await send()).headers.get('proxy-error-code'), 'token_malformed')
  limited(await send())
  limited(await send({ 'x-forwarded-for': '198.51.100.1' }))
  limited(await arena.proxy.post({ query: 'select 1' }, { sqlUrl }))
})

test('a refused token counts as ten requests of its address, a good one as one', async () => {
  const { sqlUrl } = await arena.proxy.another({
    env: { PROXY_RATE_LIMIT_PER_ADDRESS: '15', PROXY_TRUST_PROXY: '127.0.0.0/8,::1' },
  })
  const from = (address: string, token?: string) =>
    arena.proxy.post(
      { query: 'select 1' },
      {
        sqlUrl,
        headers: { 'x-forwarded-for': address },
        ...(token === undefined ? {} : { token }),
      },
    )
  const good = await Promise.all(Array.from({ length: 10 }, () => from('198.51.100.1')))
  assert.ok(good.every(({ status }) => status === 200))
  const bad = await Promise.all(Array.from({ length: 10 }, () => from('198.51.100.2', 'garbage')))
  const codes = bad.map(({ headers }) => headers.get('proxy-error-code'))
  assert.ok(codes.includes('token_malformed'))
  assert.ok(codes.includes('rate_limited'), codes.join())
  assert.equal((await from('198.51.100.1')).status, 200)
})

test('behind a trusted proxy, the address is the one that the proxy saw', async () => {
  const { sqlUrl } = await arena.proxy.another({
    env: { PROXY_RATE_LIMIT_PER_ADDRESS: '0.01', PROXY_TRUST_PROXY: '127.0.0.0/8,::1' },
  })
  const from = (address: string) =>
    arena.proxy.post({ query: 'select 1' }, { sqlUrl, headers: { 'x-forwarded-for': address } })
  assert.equal((await from('198.51.100.1')).status, 200)
  assert.equal((await from('198.51.100.2')).status, 200)
  limited(await from('198.51.100.1'))
  limited(await from('198.51.100.99, 198.51.100.2'))
})

/** A gate that refuses one text, and delays all others until told to continue. */
function slowGate() {
  const judged: string[] = []
  let goOn: () => void = () => undefined
  const told = new Promise<void>((resolve) => {
    goOn = resolve
  })
  const gate: Gate = async (sql) => {
    judged.push(sql)
    if (sql === 'refused') return openGate('\0')
    await told
    return openGate(sql)
  }
  return { gate, judged, goOn }
}

test('once one statement of a batch is refused, no other is judged', async () => {
  const { gate, judged, goOn } = slowGate()
  const where = await arena.proxy.another({ overrides: { gate } })
  const told = await arena.bob(where, ['refused', ...Array<string>(99).fill('select 1')])
  assert.equal(told.headers.get('proxy-error-code'), 'statement_refused')
  assert.deepEqual(judged, ['refused'])
  goOn()
})

test('batches that are refused immediately leave no uncounted work behind', async () => {
  const { gate, judged, goOn } = slowGate()
  const where = await arena.proxy.another({
    env: { PROXY_MAX_IN_FLIGHT_PER_USER: '2' },
    overrides: { gate },
  })
  const busy = [1, 2].map(() => arena.bob(where, ['select 1', 'refused', 'select 2']))
  await until(async () => {
    await arena.alice(arena.gated, 'select 1')
    return judged.length >= 2
  })
  for (let i = 0; i < 5; i++) {
    const told = await arena.bob(where, ['refused', 'select 1'])
    assert.equal(told.headers.get('proxy-error-code'), 'too_many_requests')
  }
  goOn()
  for (const told of await Promise.all(busy)) assert.equal(told.status, 400)
  assert.equal((await arena.bob(where, 'select 1')).status, 200)
})

test('a flood of new statements does not block other users’ statements', async () => {
  const columns = Array.from({ length: 700 }, (_, i) => `${i} as c${i}`).join()
  const flood = Array.from({ length: 60 }, (_, n) =>
    arena.bob(arena.gated, `select ${columns}, ${n} as n`),
  )
  const order: string[] = []
  const over = Promise.all(flood).then(() => order.push('bob'))
  for (let i = 0; i < 5; i++) {
    assert.equal((await arena.alice(arena.gated, `select ${i} as alice`)).status, 200)
    order.push('alice')
  }
  assert.equal(order[0], 'alice', 'she came after all of Bob’s')
  await over
})
