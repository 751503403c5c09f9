/** Reads the packets that come before a session: a request for encryption, to cancel, or to begin. */
import { ProxyError } from '../errors'
import { readStartupSettings, type Setting } from '../request/startup-options'
import { BodyReader } from './from-client'

export type Startup =
  | { readonly kind: 'ssl' | 'gss' }
  | { readonly kind: 'cancel'; readonly processId: number; readonly secretKey: Buffer }
  | {
      readonly kind: 'start'
      readonly minor: number
      /** Protocol options that are not understood. */
      readonly unknown: readonly string[]
      readonly user: string
      readonly database: string
      readonly settings: readonly Setting[]
    }

/** https://www.postgresql.org/docs/current/protocol-message-formats.html */
const CODES = { cancel: 80_877_102, ssl: 80_877_103, gss: 80_877_104 } as const
const MAJOR = 3
/** 3.2 has longer keys for cancelling. 3.1 was never used. */
export const NEWEST_MINOR = 2

/** @throws ProxyError protocol_violation, feature_refused, connection_option_refused */
export function readStartup(packet: Buffer): Startup {
  const reader = new BodyReader(packet, 'startup')
  const code = reader.uint32()
  switch (code) {
    case CODES.ssl:
    case CODES.gss:
      reader.end()
      return { kind: code === CODES.ssl ? 'ssl' : 'gss' }
    case CODES.cancel: {
      const processId = reader.uint32()
      const secretKey = packet.subarray(reader.at)
      return { kind: 'cancel', processId, secretKey }
    }
  }
  const major = code >>> 16
  if (major !== MAJOR) {
    throw new ProxyError(
      'feature_refused',
      `unsupported frontend protocol ${major}.${code & 0xffff}`,
    )
  }
  return readParameters(reader, code & 0xffff)
}

function readParameters(reader: BodyReader, minor: number): Startup {
  const parameters = new Map<string, string>()
  for (let name = reader.text(); name !== ''; name = reader.text()) {
    parameters.set(name, reader.text())
  }
  reader.end()
  const user = parameters.get('user') ?? ''
  if (user === '') {
    throw new ProxyError(
      'connection_string_invalid',
      'no PostgreSQL user name specified in startup packet',
      {
        code: '28000',
      },
    )
  }
  const replication = parameters.get('replication') ?? 'off'
  if (!/^(off|false|no|0|f|n)$/i.test(replication)) {
    throw new ProxyError('feature_refused', 'replication connections are not supported')
  }
  const database = parameters.get('database')
  const isOption = (name: string) => name.startsWith('_pq_.')
  const named = new Set(['user', 'database', 'replication'])
  return {
    kind: 'start',
    minor,
    unknown: [...parameters.keys()].filter(isOption),
    user,
    database: database === undefined || database === '' ? user : database,
    settings: readStartupSettings(
      [...parameters].filter(([name]) => !named.has(name) && !isOption(name)),
    ),
  }
}

/** The answer to an option or a version that the proxy does not know; undefined if there is none to give. */
export function negotiated({
  minor,
  unknown,
}: Extract<Startup, { kind: 'start' }>): number | undefined {
  const isKnown = minor === 0 || minor === NEWEST_MINOR
  if (isKnown && unknown.length === 0) return undefined
  return (MAJOR << 16) | (minor >= NEWEST_MINOR ? NEWEST_MINOR : 0)
}
