/** A user's draws from a session's generators reveal nothing about another user's. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { Client } from 'pg'
import { openGate } from '../../src/gate/gate'
import type { Door } from '../testing/arena'
import { startTestProxy, type TestProxy } from '../testing/proxy'

let proxy: TestProxy
/** Without the gate. */
let open: Door
before(async () => {
  const env = { PROXY_POOL_SIZE: '1' }
  proxy = await startTestProxy({ env })
  open = await proxy.another({ env, overrides: { gate: openGate } })
  await proxy.asOwner(
    `create function public.code() returns int language sql volatile return random(100000, 999999)`,
  )
  await proxy.asOwner('create view codes as select random(100000, 999999) as code')
  await proxy.asOwner('grant select on codes to authenticated')
  await proxy.asOwner(
    `create table coupons (id uuid default gen_random_uuid(), user_id text default auth.user_id(), code int default random(100000, 999999))`,
  )
  await proxy.asOwner('grant select, insert on coupons to authenticated')
})
after(() => proxy.stop())

const MASK = (1n << 64n) - 1n
const rotate = (x: bigint, by: bigint) => ((x << by) | (x >> (64n - by))) & MASK
const inverse = (odd: bigint) => {
  let x = odd
  for (let bits = 3; bits < 64; bits *= 2) x = (x * (2n - odd * x)) & MASK
  return x
}

/**
 * Recovers the state of xoroshiro128** (src/common/pg_prng.c) from two outputs: the first word of the state
 * follows from one output, the second from two.
 */
function afterOutputs(first: bigint, second: bigint): () => bigint {
  const word = (output: bigint) => {
    const product = rotate((output * inverse(9n)) & MASK, 57n)
    return (product * inverse(5n)) & MASK
  }
  const mixed = word(second) ^ rotate(word(first), 24n)
  // Solves x ^ (x << 16) = mixed.
  const x = (mixed ^ (mixed << 16n) ^ (mixed << 32n) ^ (mixed << 48n)) & MASK
  let [s0, s1] = [word(second), rotate(x, 37n)]
  const next = () => {
    const output = (rotate((s0 * 5n) & MASK, 7n) * 9n) & MASK
    const both = s0 ^ s1
    s0 = (rotate(s0, 24n) ^ both ^ (both << 16n)) & MASK
    s1 = rotate(both, 37n)
    return output
  }
  next()
  return next
}

const LEAST = -(2n ** 63n)
const TWO_DRAWS = `select random(${LEAST}, ${2n ** 63n - 1n})::text as a, random(${LEAST}, ${2n ** 63n - 1n})::text as b`
const CODES = 'select random(100000, 999999) as code, random() as fraction'

function codesAfter({ a, b }: Record<string, unknown>) {
  const next = afterOutputs(BigInt(String(a)) - LEAST, BigInt(String(b)) - LEAST)
  const below = (range: number) => {
    for (;;) {
      const drawn = Number(next() >> BigInt(64 - range.toString(2).length))
      if (drawn <= range) return drawn
    }
  }
  const code = 100_000 + below(899_999)
  return { code, fraction: Number(next() >> 12n) / 2 ** 52 }
}

async function rowsOf(user: string, sql: string, { sqlUrl }: Door) {
  const { json, text } = await proxy.post(
    { query: sql },
    { sqlUrl, token: await proxy.issuer.token(user) },
  )
  assert.ok(Array.isArray(json.rows), text)
  return json.rows as Record<string, unknown>[]
}

test('without a fresh seed, two draws of Bob’s reveal what Alice draws on the same session', async () => {
  const client = new Client({ connectionString: proxy.authenticatorUrl })
  await client.connect()
  try {
    const asUser = async (sql: string) => {
      await client.query('begin')
      await client.query(`select set_config('role', 'authenticated', true)`)
      const { rows } = await client.query<Record<string, unknown>>(sql)
      await client.query('commit')
      return rows[0] ?? {}
    }
    const expected = codesAfter(await asUser(TWO_DRAWS))
    assert.deepEqual(await asUser(CODES), expected)
  } finally {
    await client.end()
  }
})

/** [Alice's draw, its value if the state is the one that Bob left] */
const DRAWS: readonly (readonly [sql: string, of: 'code' | 'fraction'])[] = [
  [CODES, 'code'],
  ['select random(100000, 999999) as code', 'code'],
  [`select random(100000, 999999) as code order by (select count(*) from memos)`, 'code'],
  ['insert into coupons default values returning code', 'code'],
  ['with x as materialized (select random(100000, 999999) as code) select code from x', 'code'],
  ['select public.code() as code', 'code'],
  ['select code from codes', 'code'],
]

test('through the proxy they reveal nothing, whatever calls the generator', async () => {
  const door = await proxy.another({
    env: { PROXY_POOL_SIZE: '1', PROXY_FUNCTIONS: 'public.code' },
  })
  for (const [sql, of] of DRAWS) {
    const [bobs] = await rowsOf('bob', TWO_DRAWS, door)
    assert.ok(bobs)
    const [alices] = await rowsOf('alice', sql, door)
    assert.ok(alices)
    assert.equal(typeof alices[of], 'number')
    assert.notEqual(alices[of], codesAfter(bobs)[of], sql)
  }
})

test('nor in a batch, nor in pipelined reads', async () => {
  const [bobs] = await rowsOf('bob', TWO_DRAWS, proxy)
  assert.ok(bobs)
  const { json } = await proxy.post({ queries: [{ query: CODES }] })
  const [{ rows: [alices] } = { rows: [] }] = json.results as {
    rows: Record<string, unknown>[]
  }[]
  assert.ok(alices)
  assert.notEqual(alices.code, codesAfter(bobs).code)
  // Known as quick by now, so they are pipelined.
  for (let i = 0; i < 12; i++) {
    await rowsOf('bob', TWO_DRAWS, proxy)
    await rowsOf('alice', CODES, proxy)
  }
  for (let round = 0; round < 5; round++) {
    const all = await Promise.all(
      Array.from({ length: 8 }, async () => ({
        bobs: (await rowsOf('bob', TWO_DRAWS, proxy))[0],
        alices: (await rowsOf('alice', CODES, proxy))[0],
      })),
    )
    const predicted = new Set(all.map(({ bobs }) => codesAfter(bobs ?? {}).fraction))
    for (const { alices } of all) assert.ok(!predicted.has(Number(alices?.fraction)))
  }
})

test('a user’s own statement draws different values, and two statements do not draw the same', async () => {
  const [{ n } = {}] = await rowsOf(
    'alice',
    'select count(distinct random())::int as n from generate_series(1, 1000)',
    proxy,
  )
  assert.equal(n, 1000)
  const seen = new Set<unknown>()
  for (let i = 0; i < 50; i++) {
    seen.add((await rowsOf('alice', 'select random() as fraction', proxy))[0]?.fraction)
  }
  assert.equal(seen.size, 50)
})

test('the seed itself cannot be read', async () => {
  const [row] = await rowsOf('alice', `select current_setting('seed') as seed`, open)
  assert.equal(row?.seed, 'unavailable')
  const settings = `select setting from pg_settings where name = 'seed' and setting <> 'unavailable'`
  assert.deepEqual(
    (await rowsOf('alice', settings, open)).filter(({ setting }) => setting !== '0'),
    [],
  )
})

test('functions that use a generator that is never reseeded are not listed', async () => {
  for (const call of ['array_shuffle(array[1, 2])', 'array_sample(array[1, 2], 1)']) {
    const { headers } = await proxy.post({ query: `select ${call}` })
    assert.equal(headers.get('proxy-error-code'), 'statement_refused', call)
  }
})
