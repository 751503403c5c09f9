import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Failure, Outcome } from '../service/api'
import { verdictOn } from './verdict'

const HERS = 'Book the train to Lisbon'
const UNHARMED = { secrets: [HERS], isHarmed: false }

const answer = (...cells: (string | null)[]): Outcome => ({
  status: 200,
  ms: 1,
  results: [{ command: 'SELECT', rowCount: 1, columns: cells.map(() => 'c'), rows: [cells] }],
  error: null,
})
const refusal = (failure: Partial<Failure>): Outcome => ({
  status: 400,
  ms: 1,
  results: [],
  error: { proxyCode: null, code: null, message: 'no', ...failure },
})

for (const [by, failure] of [
  ['token', { proxyCode: 'token_expired' }],
  ['token', { proxyCode: 'credentials_missing' }],
  ['gate', { proxyCode: 'statement_refused' }],
  ['gate', { proxyCode: 'statement_syntax', code: '42601' }],
  ['grant', { code: '42501', message: 'permission denied for table session_keys' }],
  [
    'policy',
    { code: '42501', message: 'new row violates row-level security policy for table "todos"' },
  ],
  ['seal', { code: '28000', message: 'the session token does not verify' }],
  ['limit', { code: '57014', message: 'canceling statement due to statement timeout' }],
  ['limit', { proxyCode: 'answer_too_large' }],
  ['limit', { proxyCode: 'cpu_budget_exceeded' }],
] as const satisfies [string, Partial<Failure>][]) {
  test(`${Object.values(failure).join(' ')}: stopped by the ${by}`, () => {
    const verdict = verdictOn(refusal(failure), UNHARMED)
    assert.deepEqual([verdict.kind, 'by' in verdict && verdict.by], ['stopped', by])
  })
}

test('an error of the statement itself is no defence', () => {
  const misspelt = refusal({ code: '42P01', message: 'relation "todoes" does not exist' })
  assert.equal(verdictOn(misspelt, UNHARMED).kind, 'failed')
})

test('an error about a value means that it ran, on the rows that the policies left', () => {
  const divided = refusal({ code: '22012', message: 'division by zero' })
  assert.equal(verdictOn(divided, UNHARMED).kind, 'ran')
})

test('an answer without anything of others ran', () => {
  assert.equal(verdictOn(answer('Fix the squeaky bike', null), UNHARMED).kind, 'ran')
})

test('a text of another user breaks through: in a row, inside a value, or in an error', () => {
  for (const outcome of [
    answer(HERS),
    answer(`[{"task": "${HERS}"}]`),
    refusal({ code: '22P02', message: `invalid input syntax for type integer: "${HERS}"` }),
    refusal({ code: '23505', detail: `Key (task)=(${HERS}) already exists.` }),
  ]) {
    const verdict = verdictOn(outcome, UNHARMED)
    assert.deepEqual(verdict.kind === 'broke through' && verdict.leaked, [HERS])
  }
})

test('changed rows of another user break through, whatever the answer says', () => {
  for (const outcome of [answer(), refusal({ proxyCode: 'statement_refused' })]) {
    const verdict = verdictOn(outcome, { secrets: [HERS], isHarmed: true })
    assert.equal(verdict.kind, 'broke through')
  }
})

test('a plan that counts rows of others breaks through', () => {
  assert.equal(verdictOn(answer('Rows Removed by Filter: 7'), UNHARMED).kind, 'broke through')
  assert.equal(verdictOn(answer('Rows Removed by Filter: 0'), UNHARMED).kind, 'ran')
})

test('the key that seals identities breaks through', () => {
  const [result] = answer('00ff').results
  assert.ok(result)
  const keys = { ...answer(), results: [{ ...result, columns: ['inner_pad'] }] }
  assert.equal(verdictOn(keys, UNHARMED).kind, 'broke through')
})
