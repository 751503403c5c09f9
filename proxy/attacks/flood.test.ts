import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Posted } from '../testing/proxy'
import { startArena, type Arena } from '../testing/arena'

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

test('a user who asks too often is told when to come back, and nobody else is', async () => {
  const slow = await arena.proxy.another({
    env: { PROXY_RATE_LIMIT: '0.05', PROXY_RATE_LIMIT_PER_ADDRESS: '0' },
  })
  assert.equal((await arena.bob(slow, 'select 1')).status, 200)
  const told = await arena.bob(slow, 'select 1')
  limited(told)
  assert.ok(Number(told.headers.get('retry-after')) >= 15)
  assert.equal((await arena.alice(slow, 'select 1')).status, 200)
})

test('garbage tokens count against the address before they are looked at', async () => {
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

test('behind a proxy of ours, the address is the one that it saw', async () => {
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
