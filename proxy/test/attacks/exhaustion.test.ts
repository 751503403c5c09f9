import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { ENDLESS } from '../../attacks/endless'
import { startArena, type Arena } from '../testing/arena'

let arena: Arena
before(async () => {
  arena = await startArena({ PROXY_STATEMENT_TIMEOUT_MS: '300', PROXY_MAX_ROWS: '10000' })
  await arena.proxy.asOwner(
    `create function nap(seconds float) returns void security definer language sql as 'select pg_sleep(seconds)'`,
  )
})
after(() => arena.proxy.stop())

/** The statement timeout, the slack of the proxy's own timer, and a margin for slow machines. */
const PATIENCE_MS = 8_000

describe('an endless statement is ended, and the next request is served', () => {
  for (const [sql, expected] of ENDLESS) {
    test(sql.slice(0, 100), async () => {
      for (const where of [arena.gated, arena.open]) {
        const started = performance.now()
        const told = await arena.bob(where, sql)
        assert.ok(performance.now() - started < PATIENCE_MS)
        const text = told.text.slice(0, 300)
        if (expected === 'too large') assert.equal(told.status, 507, text)
        else assert.match(text, /57014/)
        assert.equal((await arena.alice(where, 'select 1')).status, 200)
      }
    })
  }
})

describe('SQL cannot change the time limit', () => {
  const naps: readonly (readonly string[])[] = [
    ['set statement_timeout = 0', 'select nap(30)'],
    ['reset all', 'set statement_timeout = 0', 'commit', 'begin', 'select pg_sleep(0)'],
    Array.from({ length: 40 }, () => 'select nap(0.2)'),
  ]
  for (const batch of naps) {
    test(`gate off: ${batch.slice(0, 3).join('; ')} (${batch.length})`, async () => {
      const started = performance.now()
      const told = await arena.bob(arena.open, batch)
      assert.ok(performance.now() - started < PATIENCE_MS)
      assert.equal(told.status, 400)
      assert.match(told.text, /57014|42501/)
      await nobodyNaps()
      assert.equal((await arena.alice(arena.open, 'select 1')).status, 200)
    })
  }

  test('gate off: a limit that was switched off applies again to the next request', async () => {
    await arena.bob(arena.open, 'set statement_timeout = 0')
    const told = await arena.alice(arena.open, 'select nap(30)')
    assert.equal(told.json.code, '57014')
    assert.equal(told.json.routine, 'ProcessInterrupts', 'by Postgres, not only by the proxy')
  })
})

describe('nesting and length are bounded', () => {
  const monsters: readonly [string, string][] = [
    ['10 MB of parentheses', '('.repeat(10 * 1024 * 1024)],
    ['5 MB of parentheses', `select ${'('.repeat(2_500_000)}1${')'.repeat(2_500_000)}`],
    ['100 kB of parentheses', `select ${'('.repeat(50_000)}1${')'.repeat(50_000)}`],
    ['a long sum', `select 1${'+1'.repeat(100_000)}`],
    ['many NOTs', `select ${'not '.repeat(50_000)} true`],
    ['nested arrays', `select ${'array['.repeat(20_000)}1${']'.repeat(20_000)}`],
    ['nested subqueries', `${'select ('.repeat(20_000)}select 1${')'.repeat(20_000)}`],
    ['many set operations', `select 1${' union all select 1'.repeat(10_000)}`],
    ['many commands', 'select 1;'.repeat(20_000)],
    [
      'many CTEs',
      `with ${Array.from({ length: 5_000 }, (_, i) => `a${i} as (select 1)`).join()} select 1`,
    ],
    ['many columns', `select ${'1,'.repeat(2_000)}1`],
    ['multi-assignment', `update memos set (${'body,'.repeat(9_000)}body) = (select 1)`],
  ]
  for (const [name, sql] of monsters) {
    test(name, async () => {
      for (const where of [arena.gated, arena.open]) {
        const started = performance.now()
        const told = await arena.bob(where, sql)
        assert.ok(performance.now() - started < PATIENCE_MS, `${performance.now() - started} ms`)
        assert.ok([200, 400, 413].includes(told.status), told.text)
        assert.equal((await arena.alice(where, 'select 1')).status, 200)
      }
    })
  }
})

describe('text that is slow to scan is refused before it is scanned', () => {
  const slow = [
    ['comments in comments', `select ${'/*'.repeat(100_000)} 1`],
    ['empty comments', `select ${'/**/'.repeat(60_000)} 1`],
    ['plus signs', `select ${'+'.repeat(200_000)}1`],
    ['signs by turns', `select ${'+-'.repeat(100_000)}1`],
    ['runs of a few thousand', `select ${`${'+'.repeat(3_000)} `.repeat(80)}1`],
  ] as const
  for (const [name, sql] of slow) {
    test(name, async () => {
      const started = performance.now()
      const told = await arena.bob(arena.gated, sql)
      assert.equal(told.headers.get('proxy-error-code'), 'statement_refused')
      assert.ok(performance.now() - started < 1_000)
    })
  }

  test('a comment with ruled lines is not', async () => {
    const sql = `/${'*'.repeat(100)}\n${'-'.repeat(100)}\n${'*'.repeat(100)}/ select 1`
    assert.equal((await arena.bob(arena.gated, sql)).status, 200)
  })

  test('a batch of large statements does not block others', async () => {
    const large = (n: number) => `select ${'1,'.repeat(60_000)}${n}`
    const numbers = Array.from({ length: 20 }, (_, n) => n)
    const batch = arena.bob(arena.gated, numbers.map(large)).then(({ status }) => status)
    let served = 0
    const healthy = () => fetch(`${arena.proxy.url}/healthz`).then(() => undefined)
    while ((await Promise.race([batch, healthy()])) === undefined) served++
    assert.equal(await batch, 400)
    assert.ok(served > 5, `${served} served`)
  })
})

/** Resolves when Postgres no longer runs Bob's function. */
async function nobodyNaps(): Promise<void> {
  for (const started = Date.now(); Date.now() - started < PATIENCE_MS;) {
    const running = await arena.proxy.asOwner(
      `select from pg_stat_activity where state = 'active' and query like 'select nap%'`,
    )
    if (running.length === 0) return
  }
  assert.fail('Postgres still runs the statement')
}
