/** Builds the messages that the proxy itself sends to a client. */
import { ProxyError, SQLSTATE, type ErrorFields } from '../errors'

/** The status in ReadyForQuery: idle, in a transaction, in a failed transaction. */
export type Status = 'I' | 'T' | 'E'

/** https://www.postgresql.org/docs/current/protocol-message-formats.html */
export const PARSE_COMPLETE = message('1')
export const BIND_COMPLETE = message('2')
export const CLOSE_COMPLETE = message('3')
export const NO_DATA = message('n')
export const EMPTY_QUERY = message('I')
export const AUTHENTICATION_OK = message('R', int32(0))
export const ASK_PASSWORD = message('R', int32(3))
/** A statement without parameters. */
export const NO_PARAMETERS = message('t', int16(0))

export function readyForQuery(status: Status): Buffer {
  return message('Z', Buffer.from(status))
}

export function commandComplete(tag: string): Buffer {
  return message('C', text(tag))
}

export function parameterStatus(name: string, value: string): Buffer {
  return message('S', text(name), text(value))
}

export function backendKeyData(processId: number, secretKey: Buffer): Buffer {
  return message('K', int32(processId), secretKey)
}

/** @param unknown the options that are not understood, whose names begin with `_pq_.` */
export function negotiateVersion(newest: number, unknown: readonly string[]): Buffer {
  return message('v', int32(newest), int32(unknown.length), ...unknown.map(text))
}

export function saslMechanisms(names: readonly string[]): Buffer {
  return message('R', int32(10), ...names.map(text), Buffer.alloc(1))
}

export function saslContinue(data: string): Buffer {
  return message('R', int32(11), Buffer.from(data))
}

/** Codes of fields: https://www.postgresql.org/docs/current/protocol-error-fields.html */
const FIELDS: readonly (readonly [letter: string, field: keyof ErrorFields])[] = [
  ['D', 'detail'],
  ['H', 'hint'],
  ['P', 'position'],
  ['p', 'internalPosition'],
  ['q', 'internalQuery'],
  ['W', 'where'],
  ['s', 'schema'],
  ['t', 'table'],
  ['c', 'column'],
  ['d', 'dataType'],
  ['n', 'constraint'],
  ['F', 'file'],
  ['L', 'line'],
  ['R', 'routine'],
]

/** @param severity FATAL ends the session */
export function errorResponse(error: ProxyError, severity: 'ERROR' | 'FATAL' = 'ERROR'): Buffer {
  const { fields } = error
  // An empty code would be a violation of the protocol, so every refusal has one here.
  const code = fields.code === undefined || fields.code === '' ? SQLSTATE[error.code] : fields.code
  return message(
    'E',
    ...[`S${severity}`, `V${severity}`, `C${code}`, `M${error.message}`].map(text),
    ...FIELDS.flatMap(([letter, field]) => {
      const value = fields[field]
      return value === undefined ? [] : [text(letter + value)]
    }),
    Buffer.alloc(1),
  )
}

export function notice(severity: 'NOTICE' | 'WARNING', code: string, what: string): Buffer {
  const fields = [`S${severity}`, `V${severity}`, `C${code}`, `M${what}`].map(text)
  return message('N', ...fields, Buffer.alloc(1))
}

/** A message with its type and its length, which counts itself and not the type. */
export function message(type: string, ...parts: readonly Buffer[]): Buffer {
  const length = parts.reduce((sum, part) => sum + part.length, 4)
  return Buffer.concat([Buffer.from(type), int32(length), ...parts])
}

/** A C string. What comes from a client cannot hold a NUL; what comes from elsewhere must not end early. */
export function text(value: string): Buffer {
  return Buffer.from(`${value.replaceAll('\0', '')}\0`)
}

export function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeInt32BE(value)
  return bytes
}

export function int16(value: number): Buffer {
  const bytes = Buffer.alloc(2)
  bytes.writeUInt16BE(value)
  return bytes
}
