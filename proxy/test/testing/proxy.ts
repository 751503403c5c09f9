/** For tests: the whole proxy on a real, migrated database, with its own issuer. */
import { Client } from 'pg'
import { parseConfig } from '../../src/config/config'
import type { LogEntry } from '../../src/http/logger'
import type { Live } from '../../src/live/live'
import { startProxy, type Overrides, type Proxy } from '../../src/server'
import { startTestDatabase, type TestDatabase } from './fixture'
import { APP_ORIGIN, startIssuer, type Issuer } from './issuer'

export type TestProxy = {
  /** The address for POST requests. */
  readonly sqlUrl: string
  readonly url: string
  /** 0 without sessions over TCP. */
  readonly tcpPort: number
  /** The connection string for drivers, with a role and no password. */
  readonly connectionString: string
  readonly issuer: Issuer
  readonly log: LogEntry[]
  /** Of the first proxy; undefined when live queries are off. */
  readonly live: Live | undefined
  readonly authenticatorUrl: string
  readonly ownerUrl: string
  /** The required variables for another proxy on the same database and issuer. */
  readonly variables: Readonly<Record<string, string>>
  /** Sends a body unchanged, by default with alice's token. */
  readonly post: (body: unknown, options?: PostOptions) => Promise<Posted>
  /** Runs SQL as the owner, bypassing the proxy. */
  readonly asOwner: (sql: string, params?: unknown[]) => Promise<Record<string, unknown>[]>
  /** Starts another proxy on the same database and issuer. */
  readonly another: (options: TestProxyOptions) => Promise<OneProxy>
  readonly stop: () => Promise<void>
}

export type PostOptions = {
  /** null for none */
  readonly token?: string | null
  readonly headers?: Record<string, string>
  readonly sqlUrl?: string
  readonly signal?: AbortSignal
  /** Whether to return the first part of an answer that fails half-way as `text`; by default it throws. */
  readonly mayBeCut?: boolean
}

export type Posted = {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  /** The body as JSON, with `message` or `rows`. */
  readonly json: Record<string, unknown>
}

export type OneProxy = Pick<TestProxy, 'sqlUrl' | 'url' | 'tcpPort' | 'log' | 'live'> & {
  readonly close: () => Promise<void>
}

export type TestProxyOptions = {
  readonly env?: Record<string, string>
  readonly overrides?: Overrides
}

/**
 * If it fails, it leaves nothing running that would keep the test's process alive.
 * @param startDatabase starts another than the tests' own; `asOwner` does not survive its end
 */
export async function startTestProxy(
  options: TestProxyOptions = {},
  startDatabase: () => Promise<TestDatabase> = startTestDatabase,
): Promise<TestProxy> {
  const ends: (() => Promise<unknown>)[] = []
  const stop = async () => {
    for (const end of ends.reverse()) await end()
  }
  try {
    return { ...(await start(options, startDatabase, ends)), stop }
  } catch (error) {
    await stop()
    throw error
  }
}

/** @param ends gets what ends each part that has started */
async function start(
  options: TestProxyOptions,
  startDatabase: () => Promise<TestDatabase>,
  ends: (() => Promise<unknown>)[],
): Promise<Omit<TestProxy, 'stop'>> {
  const issuer = await startIssuer()
  ends.push(() => issuer.close())
  const database = await startDatabase()
  ends.push(() => database.stop())
  const owner = new Client({ connectionString: database.ownerUrl })
  // A server that a test ends shows in the query that fails.
  owner.on('error', () => undefined)
  await owner.connect()
  ends.push(() => owner.end())

  const variables = {
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
    // Other tests send as fast as they can, and a busy machine makes statements slow.
    PROXY_RATE_LIMIT: '0',
    PROXY_USER_CPU_MS: '0',
  }
  const proxies: Proxy[] = []
  ends.push(() => Promise.all(proxies.map((proxy) => proxy.close())))
  const another = async ({ env = {}, overrides = {} }: TestProxyOptions): Promise<OneProxy> => {
    const log: LogEntry[] = []
    const config = parseConfig({ ...variables, ...env })
    const proxy = await startProxy(config, {
      log: (entry) => log.push(entry),
      isWarm: true,
      ...overrides,
    })
    proxies.push(proxy)
    const { url, tcpPort = 0, live } = proxy
    return { sqlUrl: `${url}/sql`, url, tcpPort, live, log, close: () => proxy.close() }
  }

  const first = await another(options)
  const connectionString = `postgresql://authenticated@localhost${new URL(database.ownerUrl).pathname}`
  return {
    ...first,
    issuer,
    authenticatorUrl: database.authenticatorUrl,
    ownerUrl: database.ownerUrl,
    variables,
    connectionString,
    post: async (
      body,
      { token, headers = {}, sqlUrl = first.sqlUrl, signal, mayBeCut = false } = {},
    ) => {
      const bearer = token === undefined ? await issuer.token('alice') : token
      const response = await fetch(sqlUrl, {
        method: 'POST',
        body: typeof body === 'string' ? body : JSON.stringify(body),
        headers: {
          'neon-connection-string': connectionString,
          ...(bearer === null ? {} : { authorization: `Bearer ${bearer}` }),
          ...headers,
        },
        ...(signal === undefined ? {} : { signal }),
      })
      const { text, isCut } = await read(response, mayBeCut)
      return {
        status: response.status,
        headers: response.headers,
        text,
        json: isCut ? {} : (JSON.parse(text) as Record<string, unknown>),
      }
    },
    asOwner: async (sql, params = []) =>
      (await owner.query<Record<string, unknown>>(sql, params)).rows,
    another,
  }
}

async function read(response: Response, mayBeCut: boolean) {
  const decoder = new TextDecoder()
  let text = ''
  try {
    for await (const chunk of response.body ?? []) text += decoder.decode(chunk, { stream: true })
    return { text, isCut: false }
  } catch (error) {
    if (!mayBeCut) throw error
    return { text, isCut: true }
  }
}
