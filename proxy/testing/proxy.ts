/** The whole proxy over a real, migrated database, with an issuer of its own: for the tests. */
import { Client } from 'pg'
import { startTestDatabase } from '../../dev/postgres/testing/test-database'
import { parseConfig } from '../config'
import type { LogEntry } from '../log'
import { startProxy, type Overrides } from '../server'
import { APP_ORIGIN, startIssuer, type Issuer } from './issuer'

export type TestProxy = {
  /** POST goes here. */
  readonly sqlUrl: string
  readonly url: string
  /** What a driver is given: it names a role and carries no password. */
  readonly connectionString: string
  readonly issuer: Issuer
  readonly log: LogEntry[]
  /** Runs SQL as the owner, past the proxy. */
  readonly asOwner: (sql: string, params?: unknown[]) => Promise<Record<string, unknown>[]>
  /** Another proxy over the same database and issuer. */
  readonly another: (options: TestProxyOptions) => Promise<OneProxy>
  readonly stop: () => Promise<void>
}

export type OneProxy = Pick<TestProxy, 'sqlUrl' | 'url' | 'log'> & {
  readonly close: () => Promise<void>
}

export type TestProxyOptions = {
  readonly env?: Record<string, string>
  readonly overrides?: Overrides
}

export async function startTestProxy(options: TestProxyOptions = {}): Promise<TestProxy> {
  const [database, issuer] = await Promise.all([startTestDatabase(), startIssuer()])
  const owner = new Client({ connectionString: database.ownerUrl })
  await owner.connect()

  const start = async ({ env = {}, overrides = {} }: TestProxyOptions): Promise<OneProxy> => {
    const log: LogEntry[] = []
    const config = parseConfig({
      PROXY_PORT: '0',
      PROXY_DATABASE_URL: database.authenticatorUrl,
      PROXY_SESSION_KEY: database.sessionKey,
      PROXY_JWT_PROVIDERS: JSON.stringify([
        {
          name: 'test',
          issuer: issuer.url,
          jwksUrl: issuer.jwksUrl,
          authorizedParties: [APP_ORIGIN],
        },
      ]),
      PROXY_ALLOWED_ORIGINS: APP_ORIGIN,
      ...env,
    })
    const proxy = await startProxy(config, { log: (entry) => log.push(entry), ...overrides })
    return { sqlUrl: `${proxy.url}/sql`, url: proxy.url, log, close: () => proxy.close() }
  }

  const first = await start(options)
  const others: OneProxy[] = []
  return {
    ...first,
    issuer,
    connectionString: `postgresql://authenticated@localhost${new URL(database.ownerUrl).pathname}`,
    asOwner: async (sql, params = []) =>
      (await owner.query<Record<string, unknown>>(sql, params)).rows,
    another: async (more) => {
      const other = await start(more)
      others.push(other)
      return other
    },
    stop: async () => {
      await Promise.all([first, ...others].map((proxy) => proxy.close()))
      await owner.end()
      await Promise.all([database.stop(), issuer.close()])
    },
  }
}
