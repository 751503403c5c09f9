/** For tests: the stock driver's sessions over WebSocket, each by a user's token. */
import { Client, neonConfig } from '@neondatabase/serverless'
import { WebSocket } from 'ws'
import type { TestProxy } from './proxy'

export type Sessions = {
  /** Opens a session, which `closeAll` ends. */
  readonly as: (user: string, options?: SessionOptions) => Promise<Client>
  readonly closeAll: () => Promise<void>
}

export type SessionOptions = {
  /** Instead of one of the user's. */
  readonly token?: string
  /** Of another proxy. */
  readonly url?: string
  readonly user?: string
}

export function sessionsOf(
  proxy: Pick<TestProxy, 'url' | 'connectionString' | 'issuer'>,
): Sessions {
  neonConfig.webSocketConstructor = WebSocket
  neonConfig.useSecureWebSocket = false
  const open = new Set<Client>()
  return {
    as: async (name, { token, url = proxy.url, user = 'authenticated' } = {}) => {
      const password = token ?? (await proxy.issuer.token(name))
      const database = new URL(proxy.connectionString).pathname.slice(1)
      // The password of a connection string, also an empty one, would count instead.
      const client = new Client({ user, password, host: 'localhost', database })
      client.neonConfig.wsProxy = () => `${new URL(url).host}/v2`
      client.on('error', () => open.delete(client))
      // A client that has ended never ends again.
      client.on('end', () => open.delete(client))
      await client.connect()
      open.add(client)
      return client
    },
    closeAll: async () => {
      await Promise.all(Array.from(open, (client) => client.end().catch(() => undefined)))
      open.clear()
    },
  }
}

/** The first column of the rows. */
export async function column(client: Client, sql: string): Promise<unknown[]> {
  const { rows } = await client.query<Record<string, unknown>>(sql)
  return rows.map((row) => Object.values(row)[0])
}
