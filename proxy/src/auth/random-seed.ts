/**
 * Seeds for Postgres' random(), from this process's own source of randomness. A session's generator
 * is xoroshiro128**, which two draws give away; without a fresh seed for every transaction one user
 * foretells what the next one draws.
 */
import { randomFillSync } from 'node:crypto'

/** One call for many seeds costs next to nothing for each. */
const words = new Uint32Array(1024)
let used = words.length

/** @returns a number from -1 up to 1, as setseed() takes it, with all of the 53 bits that Postgres uses */
export function randomSeed(): number {
  if (used === words.length) {
    randomFillSync(words)
    used = 0
  }
  const low = words[used++] ?? 0
  const high = words[used++] ?? 0
  return ((high >>> 11) * 2 ** 32 + low) / 2 ** 52 - 1
}
