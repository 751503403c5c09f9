/**
 * The settings that a connection string may choose for requests by token: those that change no rights,
 * no statement's meaning and no value's format. They apply to one transaction. Any other is refused by name.
 */
import type { Step } from '../postgres/flight'
import { PINNED_SETTINGS, VALUE_SETTINGS } from '../postgres/session-settings'
import { refused, type Setting } from './startup-options'

export type RequestSettings = {
  /** Runs before the session becomes the user, who may not set anything. */
  readonly steps: readonly Step[]
  /** Constants such as '12:00'::timestamptz are interpreted when a statement is parsed. */
  readonly changesConstants: boolean
}

const NO_SETTINGS: RequestSettings = { steps: [], changesConstants: false }

/** Milliseconds. https://www.postgresql.org/docs/current/config-setting.html#CONFIG-SETTING-NAMES-VALUES */
const UNITS: Readonly<Record<string, number>> = {
  us: 0.001,
  ms: 1,
  s: 1000,
  min: 60_000,
  h: 3_600_000,
  d: 86_400_000,
}

const HINTS: Readonly<Record<string, string>> = {
  search_path:
    'Write names with their schema, such as app.memos; the owner may set the path for all, with ALTER ROLE authenticator SET search_path.',
  role: 'Name the role as the user of the connection string.',
  default_transaction_isolation: 'Use the isolationLevel of a transaction.',
  default_transaction_read_only: 'Use readOnly of a transaction.',
}
const HINT =
  'A connection string may set timezone and application_name, and shorten statement_timeout and lock_timeout.'

type Pinned = ReadonlyMap<string, string>

function pinned(settings: Readonly<Record<string, string>>): Pinned {
  return new Map(Object.entries(settings).map(([name, value]) => [name.toLowerCase(), value]))
}

const PINNED = pinned(PINNED_SETTINGS)
const PINNED_BY_PASSWORD = pinned(VALUE_SETTINGS)

/**
 * @param timeoutMs the statement timeout that applies anyway
 * @throws ProxyError connection_option_refused
 */
export function requestSettings(settings: readonly Setting[], timeoutMs: number): RequestSettings {
  if (settings.length === 0) return NO_SETTINGS
  const wanted = settings.filter(([name, value]) => isWanted(name, value, timeoutMs))
  if (wanted.length === 0) return NO_SETTINGS
  const calls = wanted.map((_, i) => `set_config($${2 * i + 1}, $${2 * i + 2}, true)`)
  const sql = `select ${calls.join(', ')}`
  return {
    steps: [{ sql, params: wanted.flat(), key: `settings ${wanted.length}` }],
    changesConstants: wanted.some(([name]) => name === 'timezone'),
  }
}

/**
 * For a role that logs in by password: it may set whatever Postgres allows it, except the formats of
 * values, which the driver relies on.
 * @throws ProxyError connection_option_refused
 */
export function loginSettings(settings: readonly Setting[]): Setting[] {
  return settings.filter((setting) => !isPinned(setting, PINNED_BY_PASSWORD))
}

/** @throws ProxyError when the value differs from the one that always applies */
function isPinned([name, value]: Setting, settings: Pinned): boolean {
  const always = settings.get(name)
  if (always === undefined) return false
  if (simple(value) === simple(always)) return true
  throw refused(name, `is always "${always}" here`, HINTS[name] ?? HINT)
}

/** False for a value that applies anyway. */
function isWanted(name: string, value: string, timeoutMs: number): boolean {
  if (name === 'timezone' || name === 'application_name') return true
  if (name === 'statement_timeout' || name === 'lock_timeout') {
    const ms = milliseconds(value)
    if (ms !== undefined && ms >= 1 && ms <= timeoutMs) return true
    throw refused(name, `must be between 1ms and ${timeoutMs}ms`, HINT)
  }
  if (isPinned([name, value], PINNED)) return false
  throw refused(name, 'may not be set here', HINTS[name] ?? HINT)
}

function simple(value: string): string {
  return value.toLowerCase().replace(/[\s'"]/g, '')
}

function milliseconds(text: string): number | undefined {
  const [, number, unit = 'ms'] = /^\s*(\d+(?:\.\d+)?)\s*([a-z]+)?\s*$/.exec(text) ?? []
  const factor = UNITS[unit]
  return number === undefined || factor === undefined ? undefined : Number(number) * factor
}
