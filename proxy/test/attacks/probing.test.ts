import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { CANARY } from '../../attacks/attack'
import { COLUMNS, PATTERNS, READS, WRITES } from '../../attacks/rows'
import { startArena, type Arena, type Door } from '../testing/arena'

let arena: Arena
before(async () => {
  arena = await startArena()
})
after(() => arena.proxy.stop())

/** Restores Bob's todo, and Alice's if she has one, before each attempt. */
async function layOut(isAliceThere: boolean): Promise<void> {
  const { asOwner } = arena.proxy
  await asOwner('delete from memos')
  await asOwner(`insert into memos values
    ('b0b00000-0000-4000-8000-000000000001', 'bob', '42', false, '2026-01-01')`)
  if (isAliceThere) {
    await asOwner(`insert into memos (user_id, body) values ('alice', $1)`, [CANARY])
  }
}

const IDS = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g
const TIMES = /\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?/g

/** Everything that Bob sees: rows, counts, errors; without values that differ in each new row. */
async function answerTo(where: Door, sql: string, isAliceThere: boolean): Promise<string> {
  await layOut(isAliceThere)
  const told = await arena.bob(where, sql)
  if (isAliceThere) await arena.assertUnharmed(told)
  return `${told.status} ${told.text.replace(IDS, 'id').replace(TIMES, 'time')}`
}

describe('Bob’s answers are the same whether Alice has a row or none', () => {
  for (const sql of [...READS, ...PATTERNS, ...WRITES, ...COLUMNS]) {
    test(sql, async () => {
      for (const where of [arena.gated, arena.open]) {
        assert.equal(await answerTo(where, sql, true), await answerTo(where, sql, false))
      }
    })
  }

  test('without row-level security they differ: the comparison can fail', async () => {
    const { asOwner } = arena.proxy
    await asOwner('alter table memos disable row level security')
    try {
      const sql = `select 1 / (length(body) - ${CANARY.length}) from memos`
      await layOut(true)
      const withHer = await arena.bob(arena.gated, sql)
      await layOut(false)
      assert.notEqual(withHer.text, (await arena.bob(arena.gated, sql)).text)
    } finally {
      await asOwner('alter table memos enable row level security')
    }
  })
})
