/** Runs a test's own server in place of Postgres. */
import type { Server } from 'node:net'

/** @returns the connection string with the server's address */
export async function listenInPlaceOf(databaseUrl: string, server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const url = new URL(databaseUrl)
  url.hostname = '127.0.0.1'
  url.port = String(typeof address === 'object' && address ? address.port : 0)
  return url.href
}
