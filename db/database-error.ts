/** Turns what can go wrong between us and a database into one sentence that a person can act on. */
import { DatabaseError as PostgresError } from 'pg'

/** Its message is for the person at the keyboard, holds no secret, and needs no stack. */
export class DatabaseError extends Error {
  override readonly name = 'DatabaseError'
}

const REFUSED: Record<string, string> = {
  '28P01': 'the user or the password is wrong',
  '28000': 'the server does not let this user in',
  '3D000': 'the database does not exist: create it first',
  '42501': 'this user lacks the right to do that: use the database’s owner',
  '53300': 'the server has no connection to spare',
  '57P03': 'the server is still starting',
}

const UNREACHABLE: Record<string, string> = {
  ECONNREFUSED: 'nothing listens there (is the server running?)',
  ENOTFOUND: 'no machine has that name',
  EAI_AGAIN: 'the name could not be looked up',
  ETIMEDOUT: 'no answer came in time',
  EHOSTUNREACH: 'there is no way to that machine',
  ENETUNREACH: 'there is no way to that machine',
  ECONNRESET: 'the connection was cut',
}

/**
 * @param variable the environment variable that names the database
 * @returns a sentence with the host and database, never with the password; `error` itself where it
 *   is no mistake that this can explain
 */
export function explain(error: unknown, variable: string, databaseUrl: string): unknown {
  if (!(error instanceof Error) || error instanceof DatabaseError) return error
  const cause = rootOf(error)
  const code = 'code' in cause && typeof cause.code === 'string' ? cause.code : ''
  const reason = UNREACHABLE[code] ?? REFUSED[code] ?? nameless(cause)
  if (reason === undefined) return error
  // Postgres' own words name what was not allowed.
  const words = code === '42501' ? ` (${cause.message})` : ''
  return new DatabaseError(`${variable} (${placeOf(databaseUrl)}): ${reason}${words}.`)
}

/** @throws DatabaseError that does not repeat the value */
export function parseDatabaseUrl(variable: string, value: string): URL {
  const url = URL.canParse(value) ? new URL(value) : null
  if (url !== null && /^postgres(ql)?:$/.test(url.protocol) && url.pathname.length > 1) return url
  throw new DatabaseError(
    value === ''
      ? `${variable} is not set: run \`npm run up\` once, or put it into .env.local (see .env.example).`
      : `${variable} is not a connection string: it looks like postgresql://user:password@host:5432/database.`,
  )
}

/** Errors without a code, known by their words. */
function nameless(error: Error): string | undefined {
  if (error.message.includes('Connection terminated')) return 'the connection was cut'
  if (error.message.includes('timeout')) return 'no answer came in time'
  if (error.message.includes('does not support SSL')) return 'the server does not speak TLS'
  if (error.message.includes('password must be'))
    return 'it holds no password, and the server wants one'
  return undefined
}

/** Drizzle wraps what Postgres said, and Node wraps the failures of several addresses. */
function rootOf(error: Error): Error {
  if (error instanceof PostgresError) return error
  if (error instanceof AggregateError && error.errors[0] instanceof Error) return error.errors[0]
  return error.cause instanceof Error ? rootOf(error.cause) : error
}

function placeOf(databaseUrl: string): string {
  const url = new URL(databaseUrl)
  return `${decodeURIComponent(url.username)} at ${url.host}${url.pathname}`
}
