/**
 * Seeds for Postgres' random(), from this process's CSPRNG. A session's generator is xoroshiro128**,
 * whose state follows from two draws. Without a fresh seed for every transaction, one user could predict
 * the draws of the next.
 */
import { randomFillSync } from 'node:crypto'

/** Drawn in bulk, which makes each seed almost free. */
const words = new Uint32Array(1024)
let used = words.length

/** @returns a number from -1 to 1 for setseed(), with all 53 bits that Postgres uses */
export function randomSeed(): number {
  if (used === words.length) {
    randomFillSync(words)
    used = 0
  }
  const low = words[used++] ?? 0
  const high = words[used++] ?? 0
  return ((high >>> 11) * 2 ** 32 + low) / 2 ** 52 - 1
}
