import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sentenceOf, type Conditions } from './sentence'

const MINE = '(( SELECT auth.user_id() AS user_id) = user_id)'

function sentence(changes: Partial<Conditions>): string {
  return sentenceOf({
    ...{ command: 'select', roles: ['authenticated'], permissive: true },
    ...{ using: null, withCheck: null, ...changes },
  })
}

test('a policy is said in words', () => {
  assert.equal(
    sentence({ using: MINE }),
    'A signed-in user may see rows where user_id is the user’s own id.',
  )
  assert.equal(
    sentence({ command: 'insert', roles: ['anonymous', 'auditor'], withCheck: MINE }),
    'A visitor without a token or the role auditor may add rows where user_id is the user’s own id.',
  )
})

test('a policy that is true for every row, or for none, says so', () => {
  assert.equal(sentence({ using: 'true' }), 'A signed-in user may see every row.')
  assert.equal(sentence({}), 'A signed-in user may see no row: it has no condition.')
})

test('a check after a change is told from the condition before it, unless they are the same', () => {
  const command = 'update'
  assert.match(
    sentence({ command, using: MINE, withCheck: MINE }),
    /own id, and it must stay so\.$/,
  )
  assert.match(
    sentence({ command, using: MINE, withCheck: 'true' }),
    /as long as afterwards always\.$/,
  )
})

test('“or” among other conditions is told from them', () => {
  const using = `((list_id IS NOT NULL) AND ((hidden_at IS NULL) OR ${MINE}))`
  assert.match(
    sentence({ using }),
    /where list_id is set and either hidden_at is empty or user_id is the user’s own id\.$/,
  )
})

test('a condition of another form stands there as SQL', () => {
  assert.match(
    sentence({ using: "(body ~~ 'a AND b%'::text)" }),
    /rows where body ~~ 'a AND b%'::text\.$/,
  )
})
