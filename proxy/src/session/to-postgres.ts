/** Messages that go to Postgres, always for its unnamed statement. */
import { int16, int32, message, text } from './to-client'

export function parseMessage(sql: string, types: readonly number[]): Buffer {
  const oids = Buffer.alloc(4 * types.length)
  types.forEach((oid, i) => oids.writeUInt32BE(oid, 4 * i))
  return message('P', text(''), text(sql), int16(types.length), oids)
}

export const BIND_UNNAMED = message('B', text(''), text(''), int16(0), int16(0), int16(0))
export const DESCRIBE_STATEMENT = message('D', Buffer.from('S'), text(''))
export const DESCRIBE_PORTAL = message('D', Buffer.from('P'), text(''))
export const EXECUTE_UNNAMED = message('E', text(''), int32(0))
export const FLUSH = message('H')
export const SYNC = message('S')
/** Postgres cannot parse it, so it fails the transaction. The client gets the proxy's own error. */
export const FAILING = parseMessage('refused by the proxy', [])
