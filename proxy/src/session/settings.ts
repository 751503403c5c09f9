/**
 * The settings of one session, which the proxy keeps and applies to each transaction: those that change no
 * rights, no statement's meaning and no value's format. Like Postgres', they follow rollbacks.
 */
import { ProxyError } from '../errors'
import type { Step } from '../postgres/flight'
import { judgeSetting, settingsStep } from '../request/request-settings'
import type { Setting } from '../request/startup-options'

/** `undefined`: the default. */
export type Change = { readonly name: string; readonly value: string | undefined }

type Values = ReadonlyMap<string, string>

const MESSAGES = 'client_min_messages'
/** https://www.postgresql.org/docs/current/runtime-config-client.html#GUC-CLIENT-MIN-MESSAGES */
const MESSAGE_LEVELS = new Set(
  'debug5 debug4 debug3 debug2 debug1 log notice warning error'.split(' '),
)
/** Pooled sessions have `error`, because requests do not read notices. */
const DEFAULTS: readonly Setting[] = [[MESSAGES, 'notice']]

/** What SHOW may ask for. `transaction isolation level` is transaction_isolation. */
const SHOWN = new Set(
  `application_name bytea_output client_encoding client_min_messages datestyle default_transaction_deferrable
  default_transaction_isolation default_transaction_read_only extra_float_digits
  idle_in_transaction_session_timeout in_hot_standby integer_datetimes intervalstyle is_superuser lock_timeout
  max_identifier_length max_index_keys role search_path server_encoding server_version server_version_num
  session_authorization standard_conforming_strings statement_timeout timezone transaction_deferrable
  transaction_isolation transaction_read_only transaction_timeout`.split(/\s+/),
)

export class SessionSettings {
  readonly #initial: Values
  readonly #timeoutMs: number
  #values: Values
  /** As they were when the transaction began; undefined outside of one. */
  #before: Values | undefined
  #savepoints: { readonly name: string; readonly values: Values }[] = []

  /**
   * @param settings those of the startup message, judged before
   * @param timeoutMs the statement timeout that applies anyway
   */
  constructor(settings: readonly Setting[], timeoutMs: number) {
    this.#initial = this.#values = new Map([...DEFAULTS, ...settings])
    this.#timeoutMs = timeoutMs
  }

  /** Applies them to a transaction that has just begun. */
  get step(): Step {
    return settingsStep([...this.#values])
  }

  /** Names of those that the client has changed since its start. */
  get changed(): readonly string[] {
    const names = new Set([...this.#initial.keys(), ...this.#values.keys()])
    return [...names].filter((name) => this.#values.get(name) !== this.#initial.get(name))
  }

  get(name: string): string | undefined {
    return this.#values.get(name)
  }

  /**
   * @returns whether it has to be set; otherwise it has this value anyway
   * @throws ProxyError setting_refused
   */
  check({ name, value }: Change): boolean {
    if (name === MESSAGES && (value === undefined || MESSAGE_LEVELS.has(value.toLowerCase())))
      return true
    // It has its value before the transaction becomes the user, and not after.
    if (name === 'role') throw refused(name, 'may not be set here')
    const judged = judgeSetting(name, value ?? this.#initial.get(name) ?? '1ms', this.#timeoutMs)
    if (judged.kind !== 'refused') return judged.kind === 'free'
    throw refused(name, value === undefined ? 'may not be set here' : judged.why)
  }

  /** The statement that makes a change for the rest of the transaction. */
  sqlFor({ name, value = this.#initial.get(name) }: Change): string {
    if (value === undefined) return `SET LOCAL ${name} TO DEFAULT`
    return `SET LOCAL ${name} TO '${value.replaceAll("'", "''")}'`
  }

  set({ name, value = this.#initial.get(name) }: Change): void {
    const values = new Map(this.#values)
    if (value === undefined) values.delete(name)
    else values.set(name, value)
    this.#values = values
  }

  reset(): void {
    this.#values = this.#initial
  }

  begin(): void {
    this.#before ??= this.#values
  }

  end(isCommitted: boolean): void {
    if (!isCommitted && this.#before !== undefined) this.#values = this.#before
    this.#before = undefined
    this.#savepoints = []
  }

  savepoint(name: string): void {
    this.#savepoints.push({ name, values: this.#values })
  }

  rollbackTo(name: string): void {
    const at = this.#savepoints.findLastIndex((savepoint) => savepoint.name === name)
    const found = this.#savepoints[at]
    if (found === undefined) return
    this.#values = found.values
    this.#savepoints.length = at + 1
  }

  release(name: string): void {
    const at = this.#savepoints.findLastIndex((savepoint) => savepoint.name === name)
    if (at >= 0) this.#savepoints.length = at
  }
}

/** @throws ProxyError setting_refused */
export function requireShown(name: string): void {
  if (!SHOWN.has(name)) throw refused(name, 'is not shown here')
}

function refused(name: string, why: string): ProxyError {
  const shown = name.replace(/[^\w. -]/g, '?').slice(0, 63)
  return new ProxyError('setting_refused', `the setting "${shown}" ${why}`, {
    code: '42501',
    severity: 'ERROR',
    hint: 'A session may set timezone, application_name and client_min_messages, and shorten statement_timeout and lock_timeout.',
  })
}
