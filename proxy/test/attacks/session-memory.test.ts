/** Memory that a statement leaves in a backend, and that no reset frees, does not block other users. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { startArena, type Arena } from '../testing/arena'

let arena: Arena
before(async () => {
  arena = await startArena()
})
after(() => arena.proxy.stop())

const isLinux = { skip: process.platform !== 'linux' }

/** Postgres keeps 24 kB for each name, for the lifetime of the session. */
const zones = (from: number, count: number) =>
  `select count(now() at time zone ('<ab' || n || '>-01')) from generate_series(${from}, ${from + count - 1}) n`
/** Fills some megabytes, or the dozens that an ordinary session has. */
const joined = (rows: number) =>
  `select length(string_agg(body || n, ',')) from memos, generate_series(1, ${rows}) n`

test('a session whose memory is full is replaced', isLinux, async () => {
  for (let i = 0; i < 2; i++) {
    const told = await arena.bob(arena.gated, zones(1, 100_000))
    assert.match(told.text, /53200/)
    const next = await arena.alice(arena.gated, joined(100_000))
    assert.equal(next.status, 200, next.text)
  }
})

/** The number of steps that fit into a session. */
let most = 100
async function fill(steps: number): Promise<number> {
  for (let done = 0; done < steps; done++) {
    const told = await arena.bob(arena.gated, zones(done * 500, 500))
    if (told.status !== 200) return done
  }
  return steps
}

test('the first request that finds it nearly full is answered, too', isLinux, async () => {
  most = await fill(most)
  await fill(most - 1)
  const next = await arena.alice(arena.gated, joined(1_000_000))
  assert.equal(next.status, 200, next.text)
})

test('a write that finds it nearly full is saved once', isLinux, async () => {
  const { proxy } = arena
  const token = await proxy.issuer.token('carol')
  const hungry = `select length(string_agg(md5(n::text), ',')) from generate_series(1, 1000000) n`
  const insert = (body: string) => `insert into memos (body) select '${body}' where (${hungry}) > 0`
  const batch = { queries: [{ query: insert('batch') }, { query: 'select 1' }] }
  for (const body of [{ query: insert('single') }, batch]) {
    await fill(most - 1)
    const { status, text } = await proxy.post(body, { token })
    assert.equal(status, 200, text)
  }
  const saved = await proxy.asOwner(`select body from memos where user_id = 'carol' order by body`)
  assert.deepEqual(saved, [{ body: 'batch' }, { body: 'single' }])
})

test(
  'a write that calls a function of the owner runs once, and reports its failure',
  isLinux,
  async () => {
    const { proxy } = arena
    await proxy.asOwner(
      `create sequence audit;
     create function audited() returns bigint security definer language sql as $$ select nextval('public.audit') $$;
     grant execute on function audited() to authenticated`,
    )
    const one = await proxy.another({
      env: { PROXY_POOL_SIZE: '1', PROXY_FUNCTIONS: 'public.audited' },
    })
    const query = `insert into memos (body) select public.audited()::text || (${zones(1, 100_000)})::text`
    const told = await arena.bob(one, query)
    assert.match(told.text, /53200/)
    assert.deepEqual(await proxy.asOwner('select last_value::int, is_called from audit'), [
      { last_value: 1, is_called: true },
    ])
  },
)
