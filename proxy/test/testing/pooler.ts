/** Imitates a connection pooler in transaction mode, as seen by clients. */
import { connect, createServer, type Socket } from 'node:net'
import { listenInPlaceOf } from './listen'

export type PoolerOptions = {
  /** Like PgBouncer's `ignore_startup_parameters = options`. */
  readonly dropsOptions: boolean
  /** Runs all clients' statements on the first client's backend. */
  readonly sharesBackend: boolean
}

const READY = 0x5a

/** @returns the connection string through the pooler, and a function that stops it */
export async function startPooler(
  databaseUrl: string,
  { dropsOptions, sharesBackend }: PoolerOptions,
): Promise<{ readonly url: string; readonly close: () => void }> {
  const target = new URL(databaseUrl)
  const sockets = new Set<Socket>()
  let shared: Socket | undefined
  /** Queue of transactions for the shared backend; the first is running. */
  const queue: { readonly client: Socket; readonly chunk: Buffer }[] = []
  const sendFirst = () => {
    if (queue[0] !== undefined) shared?.write(queue[0].chunk)
  }
  const server = createServer((client) => {
    const own = connect(Number(target.port), target.hostname)
    for (const socket of [client, own]) {
      sockets.add(socket)
      socket.on('error', () => socket.destroy())
    }
    client.on('close', () => own.destroy())
    let isLoggedIn = false
    client.once('data', (startup) => {
      own.write(dropsOptions ? withoutOptions(startup) : startup)
      client.on('data', (chunk) => {
        if (!isLoggedIn || !sharesBackend) {
          own.write(chunk)
          return
        }
        if (queue.push({ client, chunk }) === 1) sendFirst()
      })
    })
    own.on('data', (chunk) => {
      const receiver = queue[0]?.client ?? client
      if (isLoggedIn) receiver.write(chunk)
      else client.write(withOtherKey(chunk))
      if (chunk.at(-6) !== READY) return
      if (isLoggedIn) {
        queue.shift()
        sendFirst()
      }
      isLoggedIn = true
      shared ??= own
    })
  })
  return {
    url: await listenInPlaceOf(databaseUrl, server),
    close: () => {
      for (const socket of sockets) socket.destroy()
      server.close()
    },
  }
}

function withoutOptions(startup: Buffer): Buffer {
  const words = startup.toString('utf8', 8, startup.length - 2).split('\0')
  const kept = words.flatMap((name, i) => {
    const isName = i % 2 === 0
    return isName && name !== 'options' ? [`${name}\0${words[i + 1] ?? ''}\0`] : []
  })
  const body = Buffer.from(`${kept.join('')}\0`)
  const head = Buffer.alloc(8)
  head.writeUInt32BE(8 + body.length, 0)
  startup.copy(head, 4, 4, 8)
  return Buffer.concat([head, body])
}

/** BackendKeyData with a made-up process id. */
function withOtherKey(chunk: Buffer): Buffer {
  const at = chunk.indexOf(Buffer.from([0x4b, 0, 0, 0, 12]))
  if (at < 0) return chunk
  const other = Buffer.from(chunk)
  other.writeInt32BE(1, at + 5)
  return other
}
