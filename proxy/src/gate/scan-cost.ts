/**
 * Refuses text for which Postgres' scanner takes quadratic time.
 *
 * It reads a whole run of operator characters, gives back all but the first one or two, and starts over:
 * 120 kB of `/*` took 19 s in our parser, and several seconds in Postgres, which cannot be interrupted.
 * https://github.com/postgres/postgres/blob/REL_18_STABLE/src/backend/parser/scan.l ({operator},
 * {xcstart} and yyless)
 */
const RUN = /[~!@#^&|`?+\-*/%<>=]{64,}/g

/** About ten milliseconds of repeated reading. A line of dashes costs almost nothing. */
const MAX_STEPS = 4_000_000

/** @returns whether scanning takes time out of proportion to the length */
export function isSlowToScan(sql: string): boolean {
  let steps = 0
  for (const [run] of sql.matchAll(RUN)) {
    steps += run.length ** 2
    if (steps > MAX_STEPS) return true
  }
  return false
}
