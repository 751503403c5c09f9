import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import fc from 'fast-check'
import { CANARY } from '../../attacks/attack'
import { startArena, type Arena, type Door } from '../testing/arena'
import { generated, type Generated } from '../testing/grammar'

// Runs alone: as many statements as fit into the time there is, each with two seconds to end.

/** How many times as much, with `npm run test:all`. */
const SCALE = process.env.TRIALS === 'full' ? 10 : 1

let arena: Arena
let token: string
before(async () => {
  arena = await startArena({ PROXY_STATEMENT_TIMEOUT_MS: '2000' })
  token = await arena.proxy.issuer.token('bob', {
    exp: Math.floor(Date.now() / 1000) + 600 * SCALE,
  })
})
after(() => arena.proxy.stop())

const ROWS = `select * from memos where user_id <> 'bob'`

/** Sends Bob's statements until time is up; no answer may contain the canary. */
async function attack(
  where: Door,
  numRuns: number,
  interruptAfterTimeLimit: number,
  seed?: number,
) {
  const tally = { sent: 0, ran: 0 }
  const before = await arena.proxy.asOwner(ROWS)
  const holds = async ({ sql, params }: Generated) => {
    const told = await arena.proxy.post(
      { query: sql, params },
      { sqlUrl: where.sqlUrl, token, mayBeCut: true },
    )
    tally.sent++
    if (told.status === 200) tally.ran++
    // 507: joins of Bob's own rows are more than an answer may hold.
    assert.ok(told.status < 500 || told.status === 507, `${told.status} ${told.text}`)
    assert.ok(!`${told.text} ${sql}`.includes('canary'), told.text)
    // Checked regularly, so that a failure points to few statements and Bob does not own thousands of rows.
    if (tally.sent % 50 !== 0) return
    assert.deepEqual(await arena.proxy.asOwner(ROWS), before)
    await arena.proxy.asOwner(`delete from memos where user_id = 'bob'`)
    await arena.proxy.asOwner(`insert into memos (user_id, body) values ('bob', '42')`)
  }
  const details = await fc.check(fc.asyncProperty(generated, holds), {
    numRuns,
    interruptAfterTimeLimit,
    ...(seed === undefined ? {} : { seed }),
  })
  return {
    ...tally,
    held: !details.failed,
    report: `${fc.defaultReportMessage(details) ?? ''}\n${String(details.errorInstance)}`,
    rows: await arena.proxy.asOwner(ROWS),
    before,
  }
}

test('whatever Bob sends, he neither sees nor changes Alice’s canary', async () => {
  const { held, sent, ran, report, rows, before } = await attack(
    arena.gated,
    4_000 * SCALE,
    20_000 * SCALE,
  )
  assert.ok(held, report)
  assert.deepEqual(rows, before)
  assert.ok(sent >= 200, `only ${sent} statements in the time there was`)
  assert.ok(ran > sent * 0.25, `only ${ran} of ${sent} statements ran`)
})

test('nor with the gate off', async () => {
  const { held, sent, ran, report, rows, before } = await attack(
    arena.open,
    1_000 * SCALE,
    10_000 * SCALE,
  )
  assert.ok(held, report)
  assert.deepEqual(rows, before)
  assert.ok(ran > sent * 0.25, `only ${ran} of ${sent} statements ran`)
})

test('without row-level security this does not hold: the property can fail', async () => {
  await arena.proxy.asOwner('alter table memos disable row level security')
  const { held } = await attack(arena.gated, 500, 10_000, 1)
  assert.equal(held, false)
  await arena.proxy.asOwner('alter table memos enable row level security')
  await arena.proxy.asOwner(`delete from memos`)
  await arena.proxy.asOwner(`insert into memos (user_id, body) values ('alice', $1)`, [CANARY])
})
