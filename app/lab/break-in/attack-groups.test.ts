import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { test } from 'node:test'
import { ALL_ATTACKS, attackGroups, ATTACK_GROUPS } from './attack-groups'

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

const sqlOf = (groups: typeof ATTACK_GROUPS) =>
  groups.flatMap(({ attacks }) => attacks.flatMap(({ sql }) => sql)).join('\n')

test('attacks name those who are there, with the seal of the one who is attacked', () => {
  const cast = { attacker: "o'neill", victim: { id: 'user_2', name: 'Eve' } }
  const groups = attackGroups(cast)
  assert.match(sqlOf(groups), /set user_id = 'o''neill'/)
  assert.match(sqlOf(groups), /where user_id = 'user_2'/)
  assert.match(sqlOf(groups), /0006user_2\{"sub":"user_2"\}/)
  assert.doesNotMatch(sqlOf(groups), /["']alice["']|'bob'/)
  assert.deepEqual(
    groups.flatMap(({ attacks }) => attacks.map(({ id }) => id)),
    ALL_ATTACKS.map(({ id }) => id),
  )
})

test('where no other user is known, attacks that name one say that they need a world', () => {
  const attacks = attackGroups({ attacker: 'bob', victim: null }).flatMap((group) => group.attacks)
  for (const { sql, needsWorld } of attacks) {
    assert.equal(
      needsWorld,
      [sql].flat().some((text) => text.includes('alice')),
      String(sql),
    )
  }
  assert.ok(ALL_ATTACKS.every(({ needsWorld }) => !needsWorld))
})
