/** Logs into Postgres as the client's role. Only Postgres checks the password. */
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
  /** Settings in the connection string, which Postgres accepts or refuses. */
  readonly settings: readonly Setting[]
}

/** The server of PROXY_DATABASE_URL, from a part of `pg` that its types omit. */
type Server = {
  readonly connectionParameters: Pick<pg.ClientConfig, 'host' | 'port' | 'ssl'>
}

const strictUtf8 = new TextDecoder('utf-8', { fatal: true })
/** https://www.postgresql.org/docs/current/errcodes-appendix.html, class 28 */
const REFUSED = new Set(['28P01', '28000'])
/** Unknown setting, invalid value, or no right to set it. */
const NOT_SET = new Set(['42704', '22023', '42501', '55P02'])

const NOT_ASKED = 'Postgres did not ask for a password; use scram-sha-256 in pg_hba.conf.'

/** @throws ProxyError password_refused, database_unknown or postgres_unreachable */
export async function loginByPassword(
  { url, statementTimeoutMs }: Settings,
  { role, database, password, settings }: Credentials,
): Promise<Session> {
  const text = decode(password)
  // Postgres accepts only text in its own encoding.
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
      // With `trust` or `peer` in pg_hba.conf, any password would be accepted.
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

/** The same message for a wrong password, an unknown role and an unlisted role. */
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
