/**
 * Refuses text that Postgres' scanner would read again and again before anything can be decided.
 *
 * It reads a whole run of operator characters, gives back all but the first one or two, and starts
 * anew: 120 kB of `/*` took 19 s in our parser, and several in Postgres, which nothing interrupts.
 * https://github.com/postgres/postgres/blob/REL_18_STABLE/src/backend/parser/scan.l ({operator},
 * {xcstart} and yyless)
 */
const RUN = /[~!@#^&|`?+\-*/%<>=]{64,}/g

/** Characters read twice or more: ten milliseconds of them. A line of dashes costs next to none. */
const MAX_STEPS = 4_000_000

/** @returns whether reading the text takes time that is out of proportion to its length */
export function isSlowToScan(sql: string): boolean {
  let steps = 0
  for (const [run] of sql.matchAll(RUN)) {
    steps += run.length ** 2
    if (steps > MAX_STEPS) return true
  }
  return false
}
