/** What an example needs to run, but for its app: the provider's stand-in, a database of its own, and a proxy that knows this provider only. */
import { neon, neonConfig } from '@neondatabase/serverless'
import { drizzle, type NeonHttpDatabase } from 'drizzle-orm/neon-http'
import { startThrowawayDatabase } from '../../proxy/test/postgres/throwaway-database'
import type { Example, ProviderEntry, Variables } from '../run/example'
import { startProxyFor, type ProxyOptions } from '../run/start-proxy'
import { installTodos } from '../todos/install'

export type Place<Name extends string = string> = {
  readonly variables: Variables<Name> & Variables
  readonly appOrigin: string
  readonly origin: string
  /** As an app does it: the stock driver, and Drizzle. */
  readonly connect: (token: string) => NeonHttpDatabase
  /** To a proxy for which each token of today has expired. */
  readonly connectLater: (token: string) => NeonHttpDatabase
  /** To a proxy of another app at the same provider; undefined where an app is known by its issuer. */
  readonly connectElsewhere: ((token: string) => NeonHttpDatabase) | undefined
  readonly stop: () => Promise<void>
}

/** Where the app would run: nothing listens there. */
const APP_ORIGIN = 'http://localhost:3999'
const TWO_DAYS_MS = 2 * 24 * 60 * 60 * 1000

/** If it fails, it leaves nothing running. */
export async function startPlace<Name extends string>(
  example: Example<Name>,
  stateFile: string,
): Promise<Place<Name>> {
  const stops: (() => Promise<unknown>)[] = []
  const stop = async () => {
    for (const end of stops.reverse()) await end()
  }
  try {
    const standIn = await example.startStandIn({ port: 0, stateFile, appOrigin: APP_ORIGIN })
    stops.push(standIn.stop)
    const provider = { ...example.provider(standIn.variables), ...standIn.provider }
    const database = await startThrowawayDatabase(installTodos)
    stops.push(database.stop)
    const start = async (given: Partial<Pick<ProxyOptions, 'now' | 'provider'>> = {}) => {
      const proxy = await startProxyFor({
        ...{ provider, appOrigin: APP_ORIGIN, port: 0, log: () => undefined, ...given },
        ...{ databaseUrl: database.authenticatorUrl, sessionKey: database.sessionKey },
        variables: { PROXY_RATE_LIMIT: '0', PROXY_USER_CPU_MS: '0' },
      })
      stops.push(() => proxy.close())
      return `${proxy.url}/sql`
    }
    const urls = new Map([
      ['today', await start()],
      ['later', await start({ now: () => Date.now() + TWO_DAYS_MS })],
    ])
    const anothers = ofAnotherApp(provider)
    if (anothers) urls.set('elsewhere', await start({ provider: anothers }))
    // The driver has one setting for all its clients, which is told a client's host.
    neonConfig.fetchEndpoint = (host) => urls.get(host) ?? ''
    const connectTo = (host: string) => (authToken: string) => {
      const path = new URL(database.ownerUrl).pathname
      return drizzle({ client: neon(`postgresql://authenticated@${host}${path}`, { authToken }) })
    }
    return {
      ...{ variables: standIn.variables, appOrigin: APP_ORIGIN, origin: standIn.origin },
      ...{ connect: connectTo('today'), connectLater: connectTo('later'), stop },
      connectElsewhere: anothers && connectTo('elsewhere'),
    }
  } catch (error) {
    await stop()
    throw error
  }
}

function ofAnotherApp(provider: ProviderEntry): ProviderEntry | undefined {
  const name = ['audience', 'authorizedParties'].find((field) => field in provider)
  return name === undefined ? undefined : { ...provider, [name]: ['another-app'] }
}
