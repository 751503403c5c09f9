/** The message of a refusal, for functions that return or throw a ProxyError. */
import assert from 'node:assert/strict'
import { ProxyError } from '../../src/errors'

export function message(run: () => unknown): string {
  try {
    run()
  } catch (error) {
    assert.ok(error instanceof ProxyError)
    return error.message
  }
  return assert.fail('nothing was thrown')
}
