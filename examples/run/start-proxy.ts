/** A SQL proxy that takes tokens of one provider, for the pages of one app. */
import { parseConfig } from '../../proxy/src/config/config'
import type { Log } from '../../proxy/src/http/logger'
import { startProxy, type Proxy } from '../../proxy/src/server'
import type { ProviderEntry, Variables } from './example'

export type ProxyOptions = {
  readonly provider: ProviderEntry
  /** How it logs in as `authenticator`. */
  readonly databaseUrl: string
  readonly sessionKey: string
  readonly appOrigin: string
  readonly port: number
  /** Further variables of the proxy. */
  readonly variables?: Variables
  readonly log: Log
  /** Milliseconds since 1970, for tests. */
  readonly now?: () => number
}

export function startProxyFor(options: ProxyOptions): Promise<Proxy> {
  const { provider, databaseUrl, sessionKey, appOrigin, port, variables, log, now } = options
  const config = parseConfig({
    PROXY_PORT: String(port),
    PROXY_DATABASE_URL: databaseUrl,
    PROXY_SESSION_KEY: sessionKey,
    PROXY_JWT_PROVIDERS: JSON.stringify([provider]),
    PROXY_ALLOWED_ORIGINS: appOrigin,
    ...variables,
  })
  return startProxy(config, {
    log,
    isWarm: true,
    ...(now === undefined ? {} : { tokens: { now } }),
  })
}
