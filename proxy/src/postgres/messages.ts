/** Postgres' messages, and parsers for their bodies. */
import type { ErrorFields } from '../errors'

const code = (letter: string) => letter.charCodeAt(0)

/** https://www.postgresql.org/docs/current/protocol-message-formats.html */
export const FROM_POSTGRES = {
  parseComplete: code('1'),
  bindComplete: code('2'),
  closeComplete: code('3'),
  noData: code('n'),
  rowDescription: code('T'),
  dataRow: code('D'),
  commandComplete: code('C'),
  emptyQueryResponse: code('I'),
  errorResponse: code('E'),
  noticeResponse: code('N'),
  notificationResponse: code('A'),
  parameterDescription: code('t'),
  portalSuspended: code('s'),
  parameterStatus: code('S'),
  readyForQuery: code('Z'),
} as const

/** The status in ReadyForQuery outside a transaction. */
export const IDLE = code('I')

/** A column of RowDescription; names and order of the members are Neon's. */
export type Field = {
  readonly name: string
  readonly dataTypeID: number
  readonly tableID: number
  readonly columnID: number
  readonly dataTypeSize: number
  readonly dataTypeModifier: number
  readonly format: 'text'
}

/** Receives one statement's results as they arrive. An error that it throws ends the connection. */
export type Sink = {
  /** Called once, first. A prepared statement gets the same array object on every run. */
  onFields(fields: readonly Field[]): void
  /** The body of a DataRow is `data` from `start` to `end`, valid only during this call. */
  onRow(data: Buffer, start: number, end: number): void
  /** @param tag the command tag, '' for an empty statement */
  onComplete(tag: string): void
}

/** Receives rows as lists of text, for internal queries. */
export function rowSink(onRow: (row: readonly (string | null)[]) => void): Sink {
  return {
    onFields: () => undefined,
    onRow: (data, start) => {
      onRow(readRow(data, start))
    },
    onComplete: () => undefined,
  }
}

/** SQLSTATE */
export const OUT_OF_MEMORY = '53200'

/** An ErrorResponse of Postgres. */
export class PostgresError extends Error {
  override readonly name = 'PostgresError'
  readonly fields: ErrorFields

  constructor(message: string, fields: ErrorFields) {
    super(message)
    this.fields = fields
  }
}

export function readFields(body: Buffer): Field[] {
  let at = 2
  return Array.from({ length: body.readUInt16BE(0) }, () => {
    const end = body.indexOf(0, at)
    const name = body.toString('utf8', at, end)
    at = end + 19
    return {
      name,
      dataTypeID: body.readUInt32BE(end + 7),
      tableID: body.readUInt32BE(end + 1),
      columnID: body.readInt16BE(end + 5),
      dataTypeSize: body.readInt16BE(end + 11),
      dataTypeModifier: body.readInt32BE(end + 13),
      format: 'text',
    }
  })
}

/** @param at offset of a DataRow's body */
export function readRow(data: Buffer, at = 0): (string | null)[] {
  const values = new Array<string | null>(data.readUInt16BE(at))
  at += 2
  for (let i = 0; i < values.length; i++) {
    const length = data.readInt32BE(at)
    at += 4
    if (length < 0) {
      values[i] = null
    } else {
      values[i] = data.toString('utf8', at, at + length)
      at += length
    }
  }
  return values
}

/** A body that is one C string. */
export function readText(data: Buffer, start: number, end: number): string {
  return data.toString('utf8', start, end - 1)
}

/** https://www.postgresql.org/docs/current/protocol-error-fields.html */
const ERROR_FIELDS: Readonly<Record<string, keyof ErrorFields>> = {
  // Not S, which is localized by `lc_messages`.
  V: 'severity',
  C: 'code',
  D: 'detail',
  H: 'hint',
  P: 'position',
  p: 'internalPosition',
  q: 'internalQuery',
  W: 'where',
  s: 'schema',
  t: 'table',
  c: 'column',
  d: 'dataType',
  n: 'constraint',
  F: 'file',
  L: 'line',
  R: 'routine',
}

export function readError(body: Buffer): PostgresError {
  const fields: ErrorFields = {}
  let message = ''
  for (let at = 0; body[at] !== 0 && at < body.length;) {
    const type = body.toString('latin1', at, at + 1)
    const end = body.indexOf(0, at + 1)
    const value = body.toString('utf8', at + 1, end)
    const field = ERROR_FIELDS[type]
    if (type === 'M') message = value
    else if (field !== undefined) fields[field] = value
    at = end + 1
  }
  return new PostgresError(message, fields)
}
