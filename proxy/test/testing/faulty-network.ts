/** A network in front of Postgres that breaks on purpose. It sees every message of Postgres after login. */
import { connect, createServer, type Socket } from 'node:net'
import { listenInPlaceOf } from './listen'

/** A message of Postgres: `type` is its letter, `text` its body. */
export type FromPostgres = { readonly type: string; readonly text: string }

export type Link = {
  /** Sends bytes to the client. */
  readonly say: (bytes: Buffer) => void
  /** Closes the connection on both sides. */
  readonly cut: () => void
  /** Drops everything silently from now on. */
  readonly fallSilent: () => void
}

/** @returns whether the message is passed on */
export type OnMessage = (message: FromPostgres, link: Link) => boolean

export type FaultyNetwork = {
  /** The connection string, through this network. */
  readonly url: string
  /** Connections made, without cancel requests. */
  readonly opened: () => number
  /** Connections that the client has closed. */
  readonly left: () => number
  /** Silences all existing connections. */
  readonly fallSilent: () => void
  onMessage: OnMessage
  readonly close: () => void
}

const CANCEL_REQUEST_BYTES = 16

export async function startFaultyNetwork(databaseUrl: string): Promise<FaultyNetwork> {
  const real = new URL(databaseUrl)
  const links = new Set<Link>()
  let opened = 0
  let left = 0
  const server = createServer((client) => {
    const postgres = connect(Number(real.port), real.hostname)
    let isSilent = false
    const link: Link = {
      say: (bytes) => client.write(bytes),
      cut: () => {
        client.end()
        postgres.destroy()
      },
      fallSilent: () => {
        isSilent = true
      },
    }
    links.add(link)
    for (const socket of [client, postgres]) {
      socket.on('error', () => socket.destroy())
      socket.on('close', () => {
        if (isSilent) return
        links.delete(link)
        client.destroy()
        postgres.destroy()
      })
    }
    client.once('data', (chunk) => {
      if (chunk.length === CANCEL_REQUEST_BYTES) return
      opened++
      client.on('close', () => left++)
    })
    client.on('data', (chunk) => {
      if (!isSilent) postgres.write(chunk)
    })
    relayMessages(postgres, (message, bytes) => {
      if (isSilent) return
      const mayPass = network.onMessage(message, link)
      if (mayPass) client.write(bytes)
    })
  })
  const network: FaultyNetwork = {
    url: await listenInPlaceOf(databaseUrl, server),
    opened: () => opened,
    left: () => left,
    fallSilent: () => {
      for (const link of links) link.fallSilent()
    },
    onMessage: () => true,
    close: () => {
      for (const link of links) link.cut()
      server.close()
    },
  }
  return network
}

function relayMessages(
  postgres: Socket,
  onMessage: (message: FromPostgres, bytes: Buffer) => void,
): void {
  let pending = Buffer.alloc(0)
  postgres.on('data', (chunk: Buffer) => {
    pending = Buffer.concat([pending, chunk])
    while (pending.length >= 5) {
      const length = pending.readUInt32BE(1) + 1
      if (pending.length < length) break
      const bytes = pending.subarray(0, length)
      pending = pending.subarray(length)
      const type = bytes.toString('latin1', 0, 1)
      onMessage({ type, text: bytes.toString('utf8', 5) }, bytes)
    }
  })
}

/** Postgres' error for a session that an administrator ends. */
export function fatal(code = '57P01'): Buffer {
  const fields = `SFATAL\0VFATAL\0C${code}\0Mterminating connection due to administrator command\0\0`
  const message = Buffer.alloc(5 + fields.length)
  message.write('E', 'latin1')
  message.writeUInt32BE(4 + fields.length, 1)
  message.write(fields, 5, 'latin1')
  return message
}
