/**
 * Pins the settings that decide how values are written and read and what a statement means, whatever
 * the database or the role says. README.md lists the settings that the owner may choose.
 */

/**
 * Formats of values. The driver parses only these: it turns `02.01.2026` into null and `P1D` into an
 * empty interval, and with fewer digits 0.1 + 0.2 comes back as 0.3.
 */
export const VALUE_SETTINGS = {
  client_encoding: 'UTF8',
  DateStyle: 'ISO, MDY',
  IntervalStyle: 'postgres',
  extra_float_digits: '1',
  bytea_output: 'hex',
  xmlbinary: 'base64',
  xmloption: 'content',
  array_nulls: 'on',
  // The meaning of “EST” in a timestamp.
  timezone_abbreviations: 'Default',
  // Names within values: regclass, quote_ident().
  quote_all_identifiers: 'off',
} as const

/** The meaning of a statement, which must match the gate's parser. */
const MEANING_SETTINGS = {
  // The gate's parser takes backslashes in '…' literally, and \' in E'…' as in UTF-8 only.
  standard_conforming_strings: 'on',
  backslash_quote: 'safe_encoding',
  // Off: `= null` is never true.
  transform_null_equals: 'off',
  row_security: 'on',
  // PROXY_SERIALIZABLE decides about SERIALIZABLE, not the database's default.
  default_transaction_isolation: 'read committed',
  default_transaction_deferrable: 'off',
  // The login role itself, until a request sets its identity.
  role: 'none',
} as const

/** Keeps pooled sessions alive. */
const SESSION_SETTINGS = {
  exit_on_error: 'off',
  // Notices are not read.
  client_min_messages: 'error',
} as const

/** The startup packet outranks ALTER DATABASE, ALTER ROLE and the server's configuration. */
export const PINNED_SETTINGS: Readonly<Record<string, string>> = {
  ...VALUE_SETTINGS,
  ...MEANING_SETTINGS,
  ...SESSION_SETTINGS,
}

/** Formats settings for the startup parameter `options`, with a backslash before characters that end a value. */
export function startupOptions(settings: Readonly<Record<string, string>>): string {
  return Object.entries(settings)
    .map(([name, value]) => `-c ${`${name}=${value}`.replace(/[\\\s]/g, '\\$&')}`)
    .join(' ')
}

/** Only superusers may set it, so it is checked instead of pinned. */
const TRIGGERS = 'session_replication_role'
const PATH = 'search_path'

/** Returns the name and value of each setting. */
export const ASK_SETTINGS = `select name, pg_catalog.current_setting(name, true) as value
  from pg_catalog.unnest('{${[...Object.keys(PINNED_SETTINGS), TRIGGERS, PATH].join(',')}}'::pg_catalog.text[]) as name`

/** The actual settings of a session. */
export type SessionSettings = ReadonlyMap<string, string>

/** Why a session must not be used; undefined if it may. */
export function settingsProblem(settings: SessionSettings): string | undefined {
  if (settings.get(TRIGGERS) === 'replica') {
    return `${TRIGGERS} is "replica" for the login, so no trigger and no foreign key would act; ALTER ROLE … RESET ${TRIGGERS}, on the database, too`
  }
  const lost = Object.entries(PINNED_SETTINGS).find(([name, value]) => settings.get(name) !== value)
  if (lost === undefined) return undefined
  const [name, value] = lost
  return `the session's ${name} is "${settings.get(name) ?? 'unknown'}" and not "${value}", as was asked for; what stands between the proxy and Postgres must pass on startup options`
}

/**
 * The owner's search path, without the schemas that would change what a name means to the gate. Postgres'
 * own schema comes first unless it is named, and temporary tables come last.
 */
export function safeSearchPath(settings: SessionSettings): string {
  return [...pathSchemas(settings).map(quoteIdentifier), 'pg_temp'].join(', ')
}

/** The schemas of the owner's search path. */
export function pathSchemas(settings: SessionSettings): string[] {
  const names = [...(settings.get(PATH) ?? '').matchAll(/"((?:[^"]|"")*)"|([^",\s]+)/g)].map(
    ([, quoted, plain = '']) => quoted?.replaceAll('""', '"') ?? plain.toLowerCase(),
  )
  return [...new Set(names)].filter((name) => name !== '' && !isReserved(name))
}

/** `$user` would be a different schema for each role. */
function isReserved(name: string): boolean {
  return name === '$user' || name === 'information_schema' || name.startsWith('pg_')
}

function quoteIdentifier(name: string): string {
  return /^[a-z_][a-z0-9_]*$/.test(name) ? name : `"${name.replaceAll('"', '""')}"`
}
