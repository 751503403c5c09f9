import assert from 'node:assert/strict'
import { test } from 'node:test'
import { NeonDbError } from '@neondatabase/serverless'
import { DrizzleQueryError } from 'drizzle-orm/errors'
import { QUOTA_EXCEEDED } from '../../db/row-quota'
import { LAST_OWNER, NOT_INVITED } from '../../db/schema'
import { sqlProblem } from './sql-problem'

/** An error as Drizzle throws it: with the driver's inside. */
function sqlError({ message = 'no', ...fields }: Partial<NeonDbError>) {
  return new DrizzleQueryError('select 1', [], Object.assign(new NeonDbError(message), fields))
}

const answers = [
  { of: 'a task that breaks the check', error: { code: '23514' }, problem: 'invalid-task' },
  {
    of: 'a user who has as many todos as allowed',
    error: { code: QUOTA_EXCEEDED },
    problem: 'full',
  },
  { of: 'the last owner of a list who leaves', error: { code: LAST_OWNER }, problem: 'last-owner' },
  { of: 'an invitation that is not valid', error: { code: NOT_INVITED }, problem: 'not-invited' },
  { of: 'a policy that says no', error: { code: '42501' }, problem: 'refused' },
  { of: 'a session that Postgres refuses', error: { code: '28000' }, problem: 'signed-out' },
  { of: 'a statement that took too long', error: { code: '57014' }, problem: 'busy' },
  { of: 'a write that may have been saved', error: { code: '08007' }, problem: 'unknown-outcome' },
  { of: 'an SQLSTATE that nobody expects', error: { code: 'XX000' }, problem: 'unexpected' },
] as const

for (const { of, error, problem } of answers) {
  test(`${of} is “${problem}”`, () => {
    assert.equal(sqlProblem(sqlError(error)), problem)
  })
}

const tokenRefusals = [
  'Provided authentication token is not a valid JWT encoding: its header is not JSON',
  'JWT token has a sub that is not a string',
  'JWT token has expired (exp=1790000000)',
  'jwk not found',
  'signature error: signature error',
]

test('every refusal of a token is “signed-out”', () => {
  for (const message of tokenRefusals) {
    assert.equal(sqlProblem(sqlError({ message, code: '' })), 'signed-out')
  }
})

test('a token that is too large is not “signed-out”: signing in again would not help', () => {
  const message = 'JWT token is too large: it has more than 32768 characters'
  assert.equal(sqlProblem(sqlError({ message, code: '' })), 'unexpected')
})

test('a role that the token does not permit is “refused”', () => {
  const message = `password authentication failed for user 'moderator'`
  assert.equal(sqlProblem(sqlError({ message })), 'refused')
})

test('a proxy that cannot reach Postgres is “unreachable” like the proxy itself', () => {
  const message = `Server error (HTTP status 500): {"message":"Couldn't connect to compute node"}`
  assert.equal(sqlProblem(sqlError({ message })), 'unreachable')
})

test('too many requests are “busy”, though the answer is not Postgres’', () => {
  const message = 'Server error (HTTP status 429): slow down'
  assert.equal(sqlProblem(sqlError({ message })), 'busy')
})

test('a proxy that cannot be reached is “unreachable”', () => {
  assert.equal(sqlProblem(sqlError({ sourceError: new TypeError('fetch failed') })), 'unreachable')
})

test('anything else is “unexpected”', () => {
  assert.equal(sqlProblem(new RangeError('Invalid array length')), 'unexpected')
  assert.equal(sqlProblem('a string'), 'unexpected')
})
