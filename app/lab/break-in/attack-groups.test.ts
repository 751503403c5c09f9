import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { test } from 'node:test'
import { ALL_ATTACKS, ATTACK_GROUPS } from './attack-groups'

test('every list of attacks that the tests have is in a group', async () => {
  const lists: unknown[][] = []
  for (const file of readdirSync('proxy/attacks')) {
    const part = (await import(`../../../proxy/attacks/${file}`)) as Record<string, unknown>
    lists.push(...Object.values(part).filter((value) => Array.isArray(value)))
  }
  assert.ok(lists.length >= 12)
  assert.equal(ALL_ATTACKS.length, lists.flat().length)
})

test('attacks name the tables and columns of the app, and no stand-in', () => {
  for (const { id, sql } of ALL_ATTACKS) {
    assert.doesNotMatch([sql].flat().join(), /memos|\bbody\b|is_archived|forged seal|^$/, id)
  }
})

test('each attack can be told from the others', () => {
  assert.equal(new Set(ALL_ATTACKS.map(({ id }) => id)).size, ALL_ATTACKS.length)
  assert.equal(new Set(ATTACK_GROUPS.map(({ title }) => title)).size, ATTACK_GROUPS.length)
})
