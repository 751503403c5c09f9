/** A TCP relay in front of Postgres that records the client's messages, flight by flight. */
import { connect, createServer, type Socket } from 'node:net'
import { listenInPlaceOf } from './listen'

export type Relay = {
  /** The connection string, through the relay. */
  readonly url: string
  /**
   * The clients' message types since the last call, one string per flight, such as "PBEPBDES". Each flight
   * is one round trip.
   */
  readonly takeFlights: () => string[]
  readonly close: () => Promise<void>
}

export async function startRelay(databaseUrl: string): Promise<Relay> {
  const target = new URL(databaseUrl)
  const sockets = new Set<Socket>()
  let flights: string[] = []
  let isAnswered = true

  const server = createServer((client) => {
    const upstream = connect(Number(target.port), target.hostname)
    for (const socket of [client, upstream]) {
      sockets.add(socket)
      socket.on('error', () => socket.destroy())
      socket.on('close', () => {
        client.destroy()
        upstream.destroy()
        sockets.delete(socket)
      })
    }
    let pending = Buffer.alloc(0)
    let isStartup = true
    client.on('data', (chunk) => {
      upstream.write(chunk)
      pending = Buffer.concat([pending, chunk])
      for (;;) {
        const head = isStartup ? 0 : 1
        if (pending.length < head + 4) break
        const length = pending.readUInt32BE(head) + head
        if (pending.length < length) break
        const type = isStartup ? '^' : pending.toString('latin1', 0, 1)
        isStartup = false
        pending = pending.subarray(length)
        if (isAnswered) flights.push('')
        isAnswered = false
        flights.push(`${flights.pop() ?? ''}${type}`)
      }
    })
    upstream.on('data', (chunk) => {
      isAnswered = true
      client.write(chunk)
    })
  })
  return {
    url: await listenInPlaceOf(databaseUrl, server),
    takeFlights: () => {
      const taken = flights
      flights = []
      return taken
    },
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy()
        server.close(() => {
          resolve()
        })
      }),
  }
}
