/** For tests: a client of Postgres' protocol that sends any bytes and reads what comes back, message by message. */
import { connect as connectTcp } from 'node:net'
import type { Duplex } from 'node:stream'
import { createWebSocketStream, WebSocket } from 'ws'
import { int16, int32, message, text } from '../../src/session/to-client'

export type WireMessage = { readonly type: string; readonly body: Buffer }

export type Wire = {
  readonly stream: Duplex
  /** Sends bytes as they are. */
  readonly send: (...bytes: Buffer[]) => void
  /** Reads up to and with the first message of a type; rejects if the connection ends before. */
  readonly until: (type: string) => Promise<WireMessage[]>
  /** Reads up to the end of the connection. */
  readonly rest: () => Promise<WireMessage[]>
  readonly close: () => void
}

export type LoginOptions = {
  readonly password: string
  readonly user?: string
  readonly database: string
  readonly parameters?: Record<string, string>
  readonly minor?: number
}

/** For one message; then the test fails, instead of waiting for ever. */
const PATIENCE_MS = 60_000

/** @param url of the proxy, such as http://127.0.0.1:4444 */
export async function openWebSocket(
  url: string,
  headers: Record<string, string> = {},
): Promise<Wire> {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/v2`, { headers })
  await new Promise<void>((resolve, reject) => {
    socket.once('open', resolve)
    socket.once('error', reject)
  })
  return wireOf(createWebSocketStream(socket))
}

/** @param allowHalfOpen whether its own side stays open when the proxy ends the other */
export async function openTcp(port: number, allowHalfOpen = false): Promise<Wire> {
  const socket = connectTcp({ port, host: '127.0.0.1', allowHalfOpen })
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve)
    socket.once('error', reject)
  })
  return wireOf(socket)
}

export function wireOf(stream: Duplex): Wire {
  const messages: WireMessage[] = []
  let bytes: Buffer = Buffer.alloc(0)
  let isOver = false
  let wake: () => void = () => undefined
  stream.on('data', (chunk: Buffer) => {
    bytes = Buffer.concat([bytes, chunk])
    while (bytes.length >= 5) {
      const end = 1 + bytes.readUInt32BE(1)
      if (bytes.length < end) break
      messages.push({ type: bytes.toString('latin1', 0, 1), body: bytes.subarray(5, end) })
      bytes = bytes.subarray(end)
    }
    wake()
  })
  for (const event of ['end', 'close', 'error']) {
    stream.on(event, () => {
      isOver = true
      wake()
    })
  }
  /** Waits for bytes, or the end. */
  const news = () =>
    new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => {
        reject(new Error(`nothing has come after ${shown(messages).join(' ')}`))
      }, PATIENCE_MS)
      wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  const read = async (isEnough: () => number): Promise<WireMessage[]> => {
    for (;;) {
      const count = isEnough()
      if (count > 0) return messages.splice(0, count)
      if (isOver) throw new Error(`the connection ended after ${shown(messages).join(' ')}`)
      await news()
    }
  }
  return {
    stream,
    send: (...parts) => stream.write(Buffer.concat(parts)),
    until: (type) => read(() => messages.findIndex((one) => one.type === type) + 1),
    rest: async () => {
      while (!isOver) await news()
      return messages.splice(0)
    },
    close: () => stream.destroy(),
  }
}

/** A message's type, and what it says where that is a text. */
export function shown(messages: readonly WireMessage[]): string[] {
  return messages.map(({ type, body }) => {
    if (type === 'E' || type === 'N') return `${type}:${errorOf(body).C ?? ''}`
    if (type === 'C' || type === 'Z') return `${type}:${body.toString().replace('\0', '')}`
    if (type === 'D') return `D:${rowOf(body).join(',')}`
    return type
  })
}

/** The fields of an error or a notice, by letter. */
export function errorOf(body: Buffer): Record<string, string> {
  const fields = body.toString().split('\0').filter(Boolean)
  return Object.fromEntries(fields.map((field) => [field.slice(0, 1), field.slice(1)]))
}

export function rowOf(body: Buffer): (string | null)[] {
  let at = 2
  return Array.from({ length: body.readUInt16BE(0) }, () => {
    const length = body.readInt32BE(at)
    at += 4
    if (length < 0) return null
    return body.toString('utf8', at, (at += length))
  })
}

export function startup(parameters: Record<string, string>, minor = 0): Buffer {
  const pairs = Object.entries(parameters).flatMap((pair) => pair.map(text))
  return packet((3 << 16) | minor, ...pairs, Buffer.alloc(1))
}

/** A packet from before the session: a length, a code, and no type. */
export function packet(code: number, ...parts: Buffer[]): Buffer {
  const body = Buffer.concat([int32(code), ...parts])
  return Buffer.concat([int32(body.length + 4), body])
}

export async function logIn(wire: Wire, options: LoginOptions): Promise<WireMessage[]> {
  const { user = 'authenticated', database, password, parameters = {}, minor = 0 } = options
  wire.send(startup({ user, database, ...parameters }, minor), message('p', text(password)))
  return wire.until('Z')
}

export const simple = (sql: string): Buffer => message('Q', text(sql))
export const SYNC = message('S')
export const FLUSH = message('H')
export const TERMINATE = message('X')

export function parse(sql: string, name = '', types: readonly number[] = []): Buffer {
  return message('P', text(name), text(sql), int16(types.length), ...types.map(int32))
}

export function bind(
  params: readonly (string | Buffer | null)[] = [],
  name = '',
  portal = '',
): Buffer {
  const formats = params.map((param) => int16(Buffer.isBuffer(param) ? 1 : 0))
  const values = params.flatMap((param) => {
    if (param === null) return [int32(-1)]
    const bytes = Buffer.from(param)
    return [int32(bytes.length), bytes]
  })
  return message(
    'B',
    ...[text(portal), text(name), int16(params.length), ...formats],
    ...[int16(params.length), ...values, int16(0)],
  )
}

export const describe = (kind: 'S' | 'P', name = ''): Buffer =>
  message('D', Buffer.from(kind), text(name))
export const execute = (portal = '', rows = 0): Buffer => message('E', text(portal), int32(rows))
export const close = (kind: 'S' | 'P', name = ''): Buffer =>
  message('C', Buffer.from(kind), text(name))
