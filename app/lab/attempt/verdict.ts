/** Says what stopped an attack, from the answer that the attacker got. */
import type { Failure, Outcome } from '../service/api'
import type { Defence } from './defences'

export type Verdict =
  | { readonly kind: 'stopped'; readonly by: Defence; readonly why: string }
  /** It ran, and the policies left out what is not the attacker's. */
  | { readonly kind: 'ran'; readonly why: string }
  /** An error that no defence raised, such as the name of a table that there is not. */
  | { readonly kind: 'failed'; readonly why: string }
  /** It ran, and whether it reached rows of others cannot be told: it was undone, or theirs are not known. */
  | {
      readonly kind: 'undecided'
      readonly because: 'undone' | 'others unknown'
      readonly why: string
    }
  | { readonly kind: 'broke through'; readonly why: string; readonly leaked: readonly string[] }

/** What other users have, before the attack and after it. */
export type Loot = {
  /** Texts that the attacker may not see. */
  readonly secrets: readonly string[]
  /** Whether another user's rows are no longer what they were. */
  readonly isHarmed: boolean
}

export function verdictOn({ results, error }: Outcome, { secrets, isHarmed }: Loot): Verdict {
  const told = [
    ...results.flatMap(({ rows }) => rows.flat()),
    error?.message ?? '',
    error?.detail ?? '',
  ].join('\n')
  const leaked = secrets.filter((secret) => told.includes(secret))
  if (leaked.length > 0) {
    return { kind: 'broke through', why: 'The answer has rows of other users.', leaked }
  }
  if (isHarmed) {
    return { kind: 'broke through', why: 'Rows of other users have changed.', leaked }
  }
  if (COUNTS_OTHERS.test(told)) {
    return { kind: 'broke through', why: 'The plan counts rows of other users.', leaked }
  }
  if (results.some(({ columns, rows }) => rows.length > 0 && columns.includes(OF_THE_KEY))) {
    return { kind: 'broke through', why: 'The answer has the key that seals identities.', leaked }
  }
  if (error === null)
    return { kind: 'ran', why: 'It ran, and got only what is the attacker’s own.' }
  if (error.code?.startsWith(DATA_EXCEPTION) === true) {
    return { kind: 'ran', why: `It ended at the attacker’s own rows: ${error.message}` }
  }
  const by = defenceBehind(error)
  return by === null
    ? { kind: 'failed', why: error.message }
    : { kind: 'stopped', by, why: error.message }
}

/** EXPLAIN ANALYZE counts the rows that a policy has left out. */
const COUNTS_OTHERS = /Rows Removed by Filter: [1-9]/

/** The class of SQLSTATEs for values that cannot be computed with: the statement had begun to read rows. */
const DATA_EXCEPTION = '22'

/** A column of `private.session_keys`. */
const OF_THE_KEY = 'inner_pad'

/** Postgres refuses rows that WITH CHECK does not allow with the SQLSTATE of a missing grant. */
const BY_POLICY = 'violates row-level security policy'

function defenceBehind({ proxyCode, code, message }: Failure): Defence | null {
  if (proxyCode !== null && proxyCode !== 'postgres_error') return ofProxy(proxyCode)
  if (code === '42501') return message.includes(BY_POLICY) ? 'policy' : 'grant'
  if (code === '28000') return 'seal'
  // Cancelled by the timeout; insufficient resources; a limit exceeded.
  return code !== null && /^(57014|53...|54...)$/.test(code) ? 'limit' : null
}

function ofProxy(code: string): Defence | null {
  if (/^(token_|credentials_|keys_|role_)/.test(code)) return 'token'
  if (/^(statement_(refused|syntax|not_listed)|isolation_level_)/.test(code)) return 'gate'
  return LIMITS.has(code) ? 'limit' : null
}

const LIMITS = new Set([
  'answer_too_large',
  'body_too_large',
  'cancelled',
  'cpu_budget_exceeded',
  'headers_too_large',
  'pattern_too_large',
  'queue_full',
  'rate_limited',
  'statement_still_running',
  'too_many_requests',
])
