/**
 * What a session's settings are, whatever the database's or the role's say: those that decide how values
 * are written and read, and what a statement means, are the proxy's. README.md says which are the owner's.
 */

/**
 * How values are written and read. The driver's parsers know these formats alone: of `02.01.2026` it
 * makes null, of `P1D` nothing, and with fewer digits 0.1 + 0.2 comes back as 0.3.
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
  // What “EST” in a timestamp stands for.
  timezone_abbreviations: 'Default',
  // Names inside values: regclass, quote_ident().
  quote_all_identifiers: 'off',
} as const

/** What a statement means, as the gate has read it. */
const MEANING_SETTINGS = {
  // The gate's parser takes backslashes in '…' literally, and \' in E'…' in UTF-8 alone.
  standard_conforming_strings: 'on',
  backslash_quote: 'safe_encoding',
  // Off: `= null` is never true.
  transform_null_equals: 'off',
  row_security: 'on',
  // SERIALIZABLE is the proxy's to allow (PROXY_SERIALIZABLE), whatever the database's default is.
  default_transaction_isolation: 'read committed',
  default_transaction_deferrable: 'off',
  // The login's own, until a request's identity says otherwise.
  role: 'none',
} as const

/** What a pooled session needs in order to last. */
const SESSION_SETTINGS = {
  exit_on_error: 'off',
  // Nobody reads notices here.
  client_min_messages: 'error',
} as const

/** The startup packet outranks ALTER DATABASE, ALTER ROLE and the server's configuration. */
export const PINNED_SETTINGS: Readonly<Record<string, string>> = {
  ...VALUE_SETTINGS,
  ...MEANING_SETTINGS,
  ...SESSION_SETTINGS,
}

/** As the startup parameter `options` has them; a backslash stands before what would end a value. */
export function startupOptions(settings: Readonly<Record<string, string>>): string {
  return Object.entries(settings)
    .map(([name, value]) => `-c ${`${name}=${value}`.replace(/[\\\s]/g, '\\$&')}`)
    .join(' ')
}

/** Only superusers may set it, so it can be looked at and not pinned. */
const TRIGGERS = 'session_replication_role'
const PATH = 'search_path'

/** Gives a row for each setting: its name and its value. */
export const ASK_SETTINGS = `select name, pg_catalog.current_setting(name, true) as value
  from pg_catalog.unnest('{${[...Object.keys(PINNED_SETTINGS), TRIGGERS, PATH].join(',')}}'::pg_catalog.text[]) as name`

/** What a session's settings turned out to be. */
export type SessionSettings = ReadonlyMap<string, string>

/** Why a session must not be used; undefined when it may. */
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
 * The owner's search path, less what would let names mean something else than the gate has read.
 * Postgres' own schema always comes first unless it is named, and temporary tables come last.
 */
export function safeSearchPath(settings: SessionSettings): string {
  return [...pathSchemas(settings).map(quoteIdentifier), 'pg_temp'].join(', ')
}

/** The schemas where the owner has names looked up. */
export function pathSchemas(settings: SessionSettings): string[] {
  const names = [...(settings.get(PATH) ?? '').matchAll(/"((?:[^"]|"")*)"|([^",\s]+)/g)].map(
    ([, quoted, plain = '']) => quoted?.replaceAll('""', '"') ?? plain.toLowerCase(),
  )
  return [...new Set(names)].filter((name) => name !== '' && !isReserved(name))
}

/** `$user` would be another schema for each role. */
function isReserved(name: string): boolean {
  return name === '$user' || name === 'information_schema' || name.startsWith('pg_')
}

function quoteIdentifier(name: string): string {
  return /^[a-z_][a-z0-9_]*$/.test(name) ? name : `"${name.replaceAll('"', '""')}"`
}
