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
  const wanted = settings.filter(([name, value]) => {
    const judged = judgeSetting(name, value, timeoutMs)
    if (judged.kind === 'refused') throw refused(name, judged.why, judged.hint)
    return judged.kind === 'free'
  })
  if (wanted.length === 0) return NO_SETTINGS
  return {
    steps: [settingsStep(wanted)],
    changesConstants: wanted.some(([name]) => name === 'timezone'),
  }
}

/** Sets them for one transaction. */
export function settingsStep(settings: readonly Setting[]): Step {
  const calls = settings.map((_, i) => `set_config($${2 * i + 1}, $${2 * i + 2}, true)`)
  return {
    sql: `select ${calls.join(', ')}`,
    params: settings.flat(),
    key: `settings ${settings.length}`,
  }
}

/**
 * For a role that logs in by password: it may set whatever Postgres allows it, except the formats of
 * values, which the driver relies on.
 * @throws ProxyError connection_option_refused
 */
export function loginSettings(settings: readonly Setting[]): Setting[] {
  return settings.filter(([name, value]) => {
    const judged = judgePinned(name, value, PINNED_BY_PASSWORD)
    if (judged?.kind === 'refused') throw refused(name, judged.why, judged.hint)
    return judged === undefined
  })
}

/** A client may choose it (`free`), or it has this value anyway (`applies`). */
export type Judged =
  | { readonly kind: 'free' | 'applies' }
  | { readonly kind: 'refused'; readonly why: string; readonly hint: string }

const FREE: Judged = { kind: 'free' }
const APPLIES: Judged = { kind: 'applies' }

/** @param name in lower case */
export function judgeSetting(name: string, value: string, timeoutMs: number): Judged {
  if (name === 'timezone' || name === 'application_name') return FREE
  if (name === 'statement_timeout' || name === 'lock_timeout') {
    const ms = milliseconds(value)
    if (ms !== undefined && ms >= 1 && ms <= timeoutMs) return FREE
    return { kind: 'refused', why: `must be between 1ms and ${timeoutMs}ms`, hint: HINT }
  }
  return (
    judgePinned(name, value, PINNED) ?? {
      kind: 'refused',
      why: 'may not be set here',
      hint: HINTS[name] ?? HINT,
    }
  )
}

/** @returns undefined for a setting that is not pinned */
function judgePinned(name: string, value: string, settings: Pinned): Judged | undefined {
  const always = settings.get(name)
  if (always === undefined) return undefined
  if (simple(value) === simple(always) || MEANS_THE_SAME[name]?.test(simple(value)) === true) {
    return APPLIES
  }
  return {
    kind: 'refused',
    why: `is always "${always}" here`,
    hint: HINTS[name] ?? HINT,
  }
}

/**
 * What drivers send at their start. From 1 on, `extra_float_digits` asks for the shortest exact form.
 * https://www.postgresql.org/docs/current/runtime-config-client.html#GUC-EXTRA-FLOAT-DIGITS
 * SQL_ASCII means “as it is”, and is what libpq makes of the locale C.
 */
const MEANS_THE_SAME: Readonly<Record<string, RegExp>> = {
  client_encoding: /^(utf-?8|unicode|sql_ascii)$/,
  datestyle: /^iso(,(mdy|us|noneuro|noneuropean))?$/,
  extra_float_digits: /^[123]$/,
}

function simple(value: string): string {
  return value.toLowerCase().replace(/[\s'"]/g, '')
}

function milliseconds(text: string): number | undefined {
  const [, number, unit = 'ms'] = /^\s*(\d+(?:\.\d+)?)\s*([a-z]+)?\s*$/.exec(text) ?? []
  const factor = UNITS[unit]
  return number === undefined || factor === undefined ? undefined : Number(number) * factor
}
