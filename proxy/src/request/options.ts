/** Parses the headers that choose how to run and answer. Only the exact text `true` means true. */
import { ProxyError } from '../errors'

export type Headers = Readonly<Record<string, string | undefined>>

/** Header value → Postgres' name. */
const ISOLATION_LEVELS = {
  ReadUncommitted: 'READ UNCOMMITTED',
  ReadCommitted: 'READ COMMITTED',
  RepeatableRead: 'REPEATABLE READ',
  Serializable: 'SERIALIZABLE',
} as const
export type IsolationLevel = keyof typeof ISOLATION_LEVELS

export type Options = {
  readonly rawText: boolean
  readonly arrayMode: boolean
  readonly isolation: IsolationLevel | undefined
  readonly readOnly: boolean
  readonly deferrable: boolean
}

export function parseOptions(headers: Headers): Options {
  return {
    rawText: headers['neon-raw-text-output'] === 'true',
    arrayMode: headers['neon-array-mode'] === 'true',
    isolation: parseIsolation(headers['neon-batch-isolation-level']),
    readOnly: headers['neon-batch-read-only'] === 'true',
    deferrable: headers['neon-batch-deferrable'] === 'true',
  }
}

function parseIsolation(value: string | undefined): IsolationLevel | undefined {
  if (value === undefined) return undefined
  if (isIsolationLevel(value)) return value
  throw new ProxyError('isolation_level_invalid', 'invalid isolation level', {
    hint: `Use ${Object.keys(ISOLATION_LEVELS).join(', ')}.`,
  })
}

function isIsolationLevel(value: string): value is IsolationLevel {
  return Object.hasOwn(ISOLATION_LEVELS, value)
}

/**
 * Serializable transactions fail (40001), or wait with DEFERRABLE, because of others' reads and writes,
 * whatever row-level security says: Bob notices when Alice writes, and can make her transactions fail.
 * https://www.postgresql.org/docs/current/transaction-iso.html#XACT-SERIALIZABLE
 * @throws ProxyError isolation_level_refused
 */
export function refuseSerializable({ isolation }: Options): void {
  if (isolation === 'Serializable') throw serializableRefused()
}

export function serializableRefused(): ProxyError {
  return new ProxyError(
    'isolation_level_refused',
    'the isolation level SERIALIZABLE is off: it tells users when others write',
    { hint: 'Use RepeatableRead, or allow it to all users with PROXY_SERIALIZABLE=on.' },
  )
}

/** `START TRANSACTION` with only the requested options. */
export function startTransaction(options: Options): string {
  const modes = [
    options.isolation && `ISOLATION LEVEL ${ISOLATION_LEVELS[options.isolation]}`,
    options.readOnly && 'READ ONLY',
    options.deferrable && 'DEFERRABLE',
  ].filter(Boolean)
  return ['START TRANSACTION', modes.join(', ')].filter(Boolean).join(' ')
}

/** The answer to a batch repeats its options. */
export function batchHeaders(options: Options): Record<string, string> {
  return {
    ...(options.readOnly ? { 'neon-batch-read-only': 'true' } : {}),
    ...(options.deferrable ? { 'neon-batch-deferrable': 'true' } : {}),
    ...(options.isolation ? { 'neon-batch-isolation-level': options.isolation } : {}),
  }
}
