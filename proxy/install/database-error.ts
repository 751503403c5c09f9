/** Turns database errors into one sentence that a person can act on. */
import { DatabaseError as PostgresError } from 'pg'

/** Has a message for the user, without secrets; no stack is needed. */
export class DatabaseError extends Error {
  override readonly name = 'DatabaseError'
}

const REFUSED: Record<string, string> = {
  '28P01': 'the user or the password is wrong',
  '28000': 'the server does not let this user in',
  '3D000': 'the database does not exist: create it first',
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
 * @returns a sentence with the host and database, never with the password; `error` itself if this cannot
 *   explain it
 */
export function explain(error: unknown, variable: string, databaseUrl: string): unknown {
  if (!(error instanceof Error) || error instanceof DatabaseError) return error
  const reason = reasonOf(rootOf(error))
  if (reason === undefined) return error
  return new DatabaseError(`${variable} (${placeOf(databaseUrl)}): ${reason}.`)
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

function reasonOf(error: Error): string | undefined {
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  const known = UNREACHABLE[code] ?? REFUSED[code]
  if (known !== undefined) return known
  if (error instanceof PostgresError) {
    const hint = code === '42501' ? '; use the database’s owner' : ''
    return `the server answered “${error.message}” (${code})${hint}`
  }
  if (/CERT|SELF_SIGNED/.test(code)) return 'the server’s TLS certificate is not trusted'
  return WORDS.find(([words]) => error.message.includes(words))?.[1]
}

/** Errors of node-postgres, which have no code. */
const WORDS: [string, string][] = [
  ['Connection terminated', 'the connection was cut'],
  ['timeout', 'no answer came in time'],
  ['does not support SSL', 'the server does not speak TLS'],
  ['password must be', 'it holds no password, and the server wants one'],
]

/** Drizzle wraps Postgres' errors, and Node wraps the failures of several addresses. */
function rootOf(error: Error): Error {
  if (error instanceof PostgresError) return error
  if (error instanceof AggregateError && error.errors[0] instanceof Error) return error.errors[0]
  return error.cause instanceof Error ? rootOf(error.cause) : error
}

/** User, host and database, without the password. */
export function placeOf(databaseUrl: string): string {
  const url = new URL(databaseUrl)
  return `${decodeURIComponent(url.username)} at ${url.host}${url.pathname}`
}
