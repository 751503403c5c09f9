/**
 * Parses the settings in a connection string (`?options=-c timezone=Europe/Berlin`), in the syntax of
 * Postgres' startup options.
 * https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNECT-OPTIONS
 */
import { ProxyError } from '../errors'

/** Name in lower case with underscores, and value. */
export type Setting = readonly [name: string, value: string]

/** Neon's own option, which chooses an endpoint. Here there is only one. */
const ENDPOINT = /^(endpoint|project)=/

/**
 * Query parameters that node-postgres, postgres.js or libpq send as settings. Others (`sslmode`,
 * `pool_timeout`, `schema`) are for the client and never reach Postgres. `application_name` is left out:
 * the driver always sends its own, which would cost each request a step.
 */
const SETTINGS_IN_QUERY = new Set([
  'client_encoding',
  'datestyle',
  'default_transaction_isolation',
  'default_transaction_read_only',
  'idle_in_transaction_session_timeout',
  'intervalstyle',
  'lock_timeout',
  'role',
  'row_security',
  'search_path',
  'statement_timeout',
  'timezone',
])

/**
 * Later values replace earlier ones.
 * @throws ProxyError connection_option_refused for an option that is not a setting
 */
export function readSettings(query: URLSearchParams): Setting[] {
  const settings = new Map<string, string>()
  for (const [key, value] of query) {
    const name = normalized(key)
    if (name === 'options') for (const [n, v] of readOptions(value)) settings.set(n, v)
    else if (SETTINGS_IN_QUERY.has(name)) settings.set(name, value)
  }
  return withoutControls(settings)
}

/**
 * Those of a session's startup message, where every parameter is a setting.
 * @throws ProxyError connection_option_refused
 */
export function readStartupSettings(parameters: Iterable<Setting>): Setting[] {
  const settings = new Map<string, string>()
  for (const [key, value] of parameters) {
    const name = normalized(key)
    if (name === 'options') for (const [n, v] of readOptions(value)) settings.set(n, v)
    else settings.set(name, value)
  }
  return withoutControls(settings)
}

function withoutControls(settings: ReadonlyMap<string, string>): Setting[] {
  for (const [name, value] of settings) {
    // A NUL would end the value inside a protocol message, and the rest would be read as more fields.
    if (/\p{Cc}/u.test(name + value)) {
      throw refused(name, 'holds a control character', 'Take the character out of its value.')
    }
  }
  return [...settings]
}

function readOptions(text: string): Setting[] {
  const settings: Setting[] = []
  const words = split(text)
  while (words.length > 0) {
    const word = words.shift() ?? ''
    if (ENDPOINT.test(word)) continue
    const assignment = word === '-c' ? (words.shift() ?? '') : /^-(?:c|-)(.*)$/s.exec(word)?.[1]
    const [, name, value] = /^([^=]+)=(.*)$/s.exec(assignment ?? '') ?? []
    if (name === undefined || value === undefined) {
      throw refused(
        word,
        'is not understood',
        'Write -c name=value, with a backslash before spaces.',
      )
    }
    settings.push([normalized(name), value])
  }
  return settings
}

/** Splits at spaces; a backslash escapes the next character (pg_split_opts). */
function split(text: string): string[] {
  return [...text.matchAll(/(?:\\[^]|[^\s\\])+/g)].map(([word]) => word.replace(/\\([^])/g, '$1'))
}

function normalized(name: string): string {
  return name.toLowerCase().replaceAll('-', '_')
}

export function refused(name: string, why: string, hint: string): ProxyError {
  const shown = name.replace(/[^\w.=-]/g, '?').slice(0, 63)
  return new ProxyError(
    'connection_option_refused',
    `the connection string's option "${shown}" ${why}`,
    { hint },
  )
}
