/** Turns an error of a query into one of the app's problems. */
import { callProblem, type Problem } from '../problem'

/** By SQLSTATE, or by its class: https://www.postgresql.org/docs/current/errcodes-appendix.html */
const bySqlState: Partial<Record<string, Problem>> = {
  '23514': 'invalid-task', // check_violation: mostly of the length of a text
  '28': 'signed-out', // invalid_authorization_specification: the token is refused or has expired
  RQ001: 'full', // a row quota (db/row-quota.ts)
  RL001: 'last-owner', // db/schema/list-members.ts
  RL002: 'not-invited', // db/schema/list-joins.ts
  '42501': 'refused', // insufficient_privilege: a policy said no
  '08007': 'unknown-outcome', // transaction_resolution_unknown: it may have been saved
  '08': 'unreachable',
  '40': 'busy',
  '53': 'busy',
  '55P03': 'busy',
  '57': 'busy',
}

/** Messages of Neon and the proxy that have no SQLSTATE; the wording is part of the protocol. */
const byMessage: [RegExp, Problem][] = [
  // Signing in again does not help: the next token will be as large.
  [/JWT token is too large/, 'unexpected'],
  [/\b(JWT|jwk|authentication token|key id|signature error)\b/, 'signed-out'],
  // In Neon's words: the token does not permit the role that the connection string names.
  [/^password authentication failed/, 'refused'],
  [/connect to compute node|connection to Postgres/i, 'unreachable'],
]

/** No field has the HTTP status of an error that is not from Postgres. */
const byStatus: Partial<Record<string, Problem>> = {
  '401': 'signed-out',
  '403': 'refused',
  '429': 'busy',
  '502': 'unreachable',
  '503': 'busy',
  '504': 'unreachable',
}

/** Looks through Drizzle's error, which wraps the driver's. */
export function sqlProblem(error: unknown): Problem {
  if (isRefusal(error)) return refusalProblem(error)
  const problem = callProblem(error)
  if (problem !== 'unexpected' || !(error instanceof Error)) return problem
  return error.cause === undefined ? problem : sqlProblem(error.cause)
}

/** Of either driver. */
type Refusal = Error & { code?: string | undefined; sourceError?: unknown }

/** By name: the class of Neon's would bring its driver into the browser. */
const isRefusal = (error: unknown): error is Refusal =>
  error instanceof Error && (error.name === 'NeonDbError' || error.name === 'SqlError')

function refusalProblem({ code, message, sourceError }: Refusal): Problem {
  if (sourceError) return 'unreachable'
  if (code) return bySqlState[code] ?? bySqlState[code.slice(0, 2)] ?? 'unexpected'
  const named = byMessage.find(([words]) => words.test(message))
  if (named) return named[1]
  const status = /HTTP status (\d{3})/.exec(message)?.[1]
  return byStatus[status ?? ''] ?? 'unexpected'
}
