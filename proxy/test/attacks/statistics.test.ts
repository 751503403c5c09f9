import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { startArena, type Arena, type Door } from '../testing/arena'

/** Alice's secret, and a value of the same length that replaces it. */
const SECRET = 'My PIN is 4711'
const OTHER = 'Call the bank.'
const BOBS_ROWS = 1_000

/**
 * Numbers joined to Bob's own rows: the planner's estimate for the condition decides which side is hashed,
 * and so the order of the numbers.
 */
const oracle = (condition: string, numbers: number) =>
  `select g.n from generate_series(1, ${numbers}) g(n)
   left join memos t on length(t.body) = g.n and ${condition}`

/** The planner estimates each collation separately, so that their sum finds a threshold. */
const arms = (predicate: string, many: number) =>
  ['af', 'agq', 'ak', 'am', 'ar', 'as', 'asa', 'az']
    .slice(0, many)
    .map((language) => `${predicate} collate "${language}-x-icu"`)
    .join(' or ')

const GUESSES: Record<string, (many: number) => string> = {
  'a prefix of a text': (many) => `(${arms(`t.body ^@ 'My P'`, many)}) and t.user_id = 'bob'`,
  'a range of texts': () => `t.body > 'My' and t.body < 'Mz' and t.user_id = 'bob'`,
  'a whole text': () => `t.body = '${SECRET}' and t.user_id = 'bob'`,
  'the start of a user’s id': (many) => `(${arms(`t.user_id ^@ 'ali'`, many)})`,
  'how many rows a user has': () => `t.user_id = 'alice'`,
}

let arena: Arena
before(async () => {
  arena = await startArena()
  const { asOwner } = arena.proxy
  await asOwner('alter table memos set (autovacuum_enabled = off)')
  await asOwner(`insert into memos (user_id, body) select 'bob', 'x' from generate_series(1, $1)`, [
    BOBS_ROWS,
  ])
  await asOwner('delete from memos where user_id = $1', ['alice'])
})
after(() => arena.proxy.stop())

/** Three hundred identical rows of one user. */
async function layOut(user: string, body: string): Promise<void> {
  const { asOwner } = arena.proxy
  await asOwner(`delete from memos where user_id <> 'bob'`)
  await asOwner(`insert into memos (user_id, body) select $1, $2 from generate_series(1, 300)`, [
    user,
    body,
  ])
  // The same pages as before, for either value.
  await asOwner('vacuum full memos')
  await asOwner('analyze memos')
}

async function told(where: Door, guess: (many: number) => string): Promise<string> {
  const orders: string[] = []
  for (const numbers of [3, 10, 30, 100, 208, 366]) {
    for (const many of [1, 8]) {
      const { status, json } = await arena.bob(where, oracle(guess(many), numbers))
      assert.equal(status, 200, JSON.stringify(json))
      orders.push(JSON.stringify(json.rows))
    }
  }
  return orders.join('\n')
}

/** Bob's answers with the secret, and with another value. */
async function isSame(guess: (many: number) => string): Promise<boolean> {
  const found: string[] = []
  for (const [user, body] of [
    ['alice', SECRET],
    ['carol', OTHER],
  ] as const) {
    await layOut(user, body)
    for (const where of [arena.gated, arena.open]) found.push(await told(where, guess))
  }
  return found[0] === found[2] && found[1] === found[3]
}

describe('the order of Bob’s own rows reveals nothing', () => {
  for (const [what, guess] of Object.entries(GUESSES)) {
    test(what, async () => {
      assert.ok(await isSame(guess))
    })
  }
})

describe('with statistics of values it does', () => {
  before(() =>
    arena.proxy.asOwner(
      'alter table memos alter user_id set statistics -1, alter body set statistics -1',
    ),
  )
  after(() => arena.proxy.asOwner('select private.harden()'))

  for (const [what, guess] of Object.entries(GUESSES)) {
    test(what, async () => {
      assert.equal(await isSame(guess), false)
    })
  }

  test('targets of 0 alone do not prevent it: existing statistics stay', async () => {
    const { asOwner } = arena.proxy
    const guess = GUESSES['a prefix of a text']
    assert.ok(guess)
    const found: string[] = []
    for (const [user, body] of [
      ['alice', SECRET],
      ['carol', OTHER],
    ] as const) {
      await layOut(user, body)
      await asOwner('alter table memos alter user_id set statistics 0, alter body set statistics 0')
      found.push(await told(arena.gated, guess))
      await asOwner(
        'alter table memos alter user_id set statistics -1, alter body set statistics -1',
      )
    }
    assert.notEqual(found[0], found[1])
  })
})
