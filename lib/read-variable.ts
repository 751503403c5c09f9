/** Reads one environment variable. The result is valid, or the error says which one to set and how. */
import type { z } from 'zod'

type Rule<T> = { schema: z.ZodType<T>; expected: string; example: string }

/**
 * Parses `value` with `schema`. An empty variable counts as unset.
 * The error never quotes the value: a connection string may hold a password.
 */
export function readVariable<T>(name: string, value: string | undefined, rule: Rule<T>): T {
  const parsed = rule.schema.safeParse(value === '' ? undefined : value)
  if (parsed.success) return parsed.data
  const problem = value ? 'is not valid' : 'is not set'
  throw new Error(
    `${name} ${problem}: expected ${rule.expected}, such as ${rule.example}. See .env.example.`,
  )
}
