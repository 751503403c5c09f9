import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { parseBody } from '../../request/body'
import { readArray } from '../../../test/testing/read-array'

function asParam(items: unknown): string {
  const request = parseBody(Buffer.from(JSON.stringify({ query: '', params: [items] })))
  return (request.kind === 'single' ? request.statement.params[0] : undefined) ?? ''
}

test('an array that is sent as a parameter comes back unchanged', () => {
  const item = fc.option(fc.string({ unit: 'binary' }), { nil: null })
  const flat = fc.array(item)
  const nested = fc.array(fc.array(item, { minLength: 2, maxLength: 2 }), { minLength: 1 })
  fc.assert(
    fc.property(fc.oneof(flat, nested), (items) => {
      assert.deepEqual(readArray(asParam(items)), items)
    }),
  )
})

test('an invalid array literal is an error, never a hang or a partial array', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom('{', '}', '"', ',', '\\', 'a', '=', '[', ']') }),
      (text) => {
        try {
          assert.ok(Array.isArray(readArray(text)))
          assert.match(text, /^(\[.*=)?\{.*\}$/s)
        } catch (error) {
          if (error instanceof assert.AssertionError) throw error
        }
      },
    ),
    { numRuns: 1_000 },
  )
})
