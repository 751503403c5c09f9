/** Logs into Postgres as the client's own role; Postgres and nobody else judges the password. */
import pg from 'pg'
import { ProxyError } from '../errors'
import { connect, type Session, type Settings } from '../postgres/login'
import type { Setting } from '../request/startup-options'
import { startupOptions, VALUE_SETTINGS } from '../postgres/session-settings'
import { asSetting, newMark } from '../postgres/own-session'

export type Credentials = {
  readonly role: string
  readonly database: string
  readonly password: Buffer
  /** Of the connection string; Postgres judges them as it does the role's own. */
  readonly settings: readonly Setting[]
}

/** Where PROXY_DATABASE_URL leads; `pg` parses it and its types leave this out. */
type Server = {
  readonly connectionParameters: Pick<pg.ClientConfig, 'host' | 'port' | 'ssl'>
}

const strictUtf8 = new TextDecoder('utf-8', { fatal: true })
/** https://www.postgresql.org/docs/current/errcodes-appendix.html, class 28 */
const REFUSED = new Set(['28P01', '28000'])
/** Postgres knows no such setting, does not take the value, or does not let the role set it. */
const NOT_SET = new Set(['42704', '22023', '42501', '55P02'])

const NOT_ASKED = 'Postgres did not ask for a password; use scram-sha-256 in pg_hba.conf.'

/** @throws ProxyError password_refused, database_unknown or postgres_unreachable */
export async function loginByPassword(
  { url, statementTimeoutMs }: Settings,
  { role, database, password, settings }: Credentials,
): Promise<Session> {
  const text = decode(password)
  // Postgres takes none that is not text in its own encoding.
  if (text === undefined) throw passwordRefused(role)
  const server = new pg.Client({ connectionString: url }) as unknown as Server
  const { host, port, ssl } = server.connectionParameters
  const question = { wasAsked: false }
  const mark = newMark()
  return connect(
    {
      ...(host === undefined ? {} : { host }),
      ...(port === undefined ? {} : { port }),
      ...(ssl === undefined ? {} : { ssl }),
      user: role,
      database,
      options: startupOptions({
        ...asSetting(mark),
        statement_timeout: String(statementTimeoutMs),
        application_name: 'sql-proxy',
        ...Object.fromEntries(settings),
        ...VALUE_SETTINGS,
      }),
      password: () => {
        question.wasAsked = true
        return text
      },
    },
    mark,
    undefined,
    () => {
      // With `trust` or `peer` in pg_hba.conf any password would do.
      if (!question.wasAsked) throw passwordRefused(role, NOT_ASKED)
    },
  ).catch((error: unknown) => {
    if (!(error instanceof ProxyError)) throw error
    const { code = '' } = error.fields
    if (REFUSED.has(code)) throw passwordRefused(role)
    if (settings.length === 0 || !NOT_SET.has(code)) throw error
    throw new ProxyError('connection_option_refused', error.message, error.fields)
  })
}

/** One text for a wrong password, an unknown role and a role that is not listed. */
export function passwordRefused(role: string, hint?: string): ProxyError {
  return new ProxyError(
    'password_refused',
    `password authentication failed for user '${role}'`,
    hint === undefined ? {} : { hint },
  )
}

function decode(bytes: Buffer): string | undefined {
  try {
    return strictUtf8.decode(bytes)
  } catch {
    return undefined
  }
}
