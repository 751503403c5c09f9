import assert from 'node:assert/strict'
import { test } from 'node:test'
import { TRIES, worldsWith } from './tries'

test('the attacks of the room are among those that are tested', () => {
  assert.equal(new Set(TRIES.map(({ attack }) => attack.id)).size, TRIES.length)
})

test('a world of one’s own is there only if it is another than those that are compared anyway', () => {
  const compared = worldsWith([])
  assert.deepEqual(worldsWith(['grants', 'gate']), compared)
  const more = worldsWith(['grants', 'policy'])
  assert.equal(more.length, compared.length + 1)
  assert.deepEqual(more[0]?.missing, ['grants', 'policy'])
})
