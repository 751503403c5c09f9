/** Waits for what has to become true, and fails when it does not. */
import assert from 'node:assert/strict'

/** A busy machine takes its time; a test that has missed its moment must not wait for ever. */
const PATIENCE_MS = 60_000

/**
 * Asks until `isTrue` says so. It pauses only by asking, so what is short is not missed.
 *
 * @throws when it is not true within a minute, with the condition's source
 */
export async function until(isTrue: () => boolean | Promise<boolean>): Promise<void> {
  for (const started = performance.now(); performance.now() - started < PATIENCE_MS;) {
    if (await isTrue()) return
  }
  assert.fail(`not true within ${PATIENCE_MS / 1000} s: ${isTrue.toString()}`)
}
