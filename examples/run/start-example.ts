/**
 * Starts an example: its stand-in (unless the provider's own variables are given), a database of its own, a proxy with
 * this provider only, and the app. What it has started ends in the reverse order.
 */
import { createWriteStream, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { installPackages } from '../../dev/install-packages'
import { assertPortFree } from '../../dev/ports'
import { startService } from '../../dev/service'
import type { Stop } from '../../dev/stack-options'
import { step } from '../../dev/steps'
import { UserError } from '../../dev/user-error'
import { startPostgres } from '../../proxy/test/postgres/embedded'
import { lastWords } from '../../proxy/test/postgres/last-words'
import { installTodos } from '../todos/install'
import { buildApp, buildIsCurrent } from './build-app'
import type { App, ProviderEntry, Variables } from './example'
import { realOrNone, type Found } from './find-examples'
import { keptSecrets, type Secrets } from './kept-secrets'
import { startProxyFor } from './start-proxy'

export type Ports = Readonly<Record<'app' | 'standIn' | 'proxy' | 'postgres', number>>

export type StartOptions = {
  readonly found: Found
  readonly ports: Ports
  /** Keeps the database, the stand-in's users, secrets and logs. */
  readonly dataDir: string
  /** Of the stand-in's tokens; then the proxy allows for no difference of clocks, and the real provider is never asked. */
  readonly tokenSeconds?: number
  readonly signal: AbortSignal
}

export type Running = {
  readonly origin: string
  /** Undefined when the real provider is asked. */
  readonly standIn: string | undefined
  /** Rejects when the app ends by itself. */
  readonly ended: () => Promise<never>
}

/** @param stops gets what ends each part that has started, also when a later one does not start */
export async function startExample(options: StartOptions, stops: Stop[]): Promise<Running> {
  const { found, ports, dataDir, signal } = options
  const real = options.tokenSeconds === undefined ? realOrNone(found.example) : undefined
  await assertPortsFree(options)
  installPackages(found.folder)
  mkdirSync(join(dataDir, 'logs'), { recursive: true })
  const secrets = keptSecrets(dataDir)
  const origin = `http://localhost:${ports.app}`
  const { variables, provider, standIn } = await openProvider(options, real, origin, stops)
  const databaseUrl = await startDatabase(options, secrets, stops)
  await startSqlProxy(options, { provider, databaseUrl, origin, secrets }, stops)
  signal.throwIfAborted()
  const { app } = found.example
  const all = {
    ...addresses(app, ports),
    ...app.variables?.({ origin, secret: secrets.app }),
    ...variables,
  }
  await build(options, all)
  const { ended } = await startApp(options, all, stops)
  return { origin, standIn, ended }
}

async function assertPortsFree({ found, ports }: StartOptions) {
  const command = `npm run example ${found.name}`
  await assertPortFree(ports.app, 'the app', 'PORT', command)
  await assertPortFree(ports.standIn, 'the stand-in', 'STAND_IN_PORT', command)
  await assertPortFree(ports.proxy, 'the SQL proxy', 'PROXY_PORT', command)
}

type OpenProvider = {
  readonly variables: Variables
  readonly provider: ProviderEntry
  readonly standIn: string | undefined
}

/** @param real the variables of the real provider; undefined for the stand-in */
async function openProvider(
  { found: { example }, ports, dataDir, tokenSeconds }: StartOptions,
  real: Variables | undefined,
  appOrigin: string,
  stops: Stop[],
): Promise<OpenProvider> {
  if (real) return { variables: real, provider: example.provider(real), standIn: undefined }
  const standIn = await step(
    `Starting the stand-in for ${example.title}`,
    () =>
      example.startStandIn({
        ...{ port: ports.standIn, appOrigin, stateFile: join(dataDir, 'stand-in.json') },
        ...(tokenSeconds === undefined ? {} : { tokenSeconds }),
      }),
    ({ origin }) => `The stand-in for ${example.title} is ready at ${origin}`,
  )
  stops.push(standIn.stop)
  const { variables } = standIn
  const provider = { ...example.provider(variables), ...standIn.provider }
  return {
    ...{ variables, standIn: standIn.origin },
    provider: tokenSeconds === undefined ? provider : { ...provider, leeway: 0 },
  }
}

/** @returns how the proxy logs in */
async function startDatabase(
  { found, ports, dataDir }: StartOptions,
  secrets: Secrets,
  stops: Stop[],
): Promise<string> {
  const postgres = await step(
    'Starting Postgres',
    () =>
      startPostgres({
        dataDir: join(dataDir, 'postgres'),
        port: ports.postgres,
        password: secrets.postgres,
        database: 'todos',
        assertPortFree: () =>
          assertPortFree(ports.postgres, 'Postgres', 'PGPORT', `npm run example ${found.name}`),
      }),
    () => `Postgres is ready on localhost:${ports.postgres}`,
  )
  stops.push(postgres.stop)
  const login = new URL(postgres.url)
  login.username = 'authenticator'
  login.password = secrets.authenticator
  await (found.example.install ?? installTodos)({
    databaseUrl: postgres.url,
    proxyDatabaseUrl: login.href,
    sessionKey: secrets.session,
  })
  return login.href
}

async function startSqlProxy(
  { ports, dataDir, tokenSeconds }: StartOptions,
  place: { provider: ProviderEntry; databaseUrl: string; origin: string; secrets: Secrets },
  stops: Stop[],
) {
  const log = createWriteStream(join(dataDir, 'logs', 'proxy.log'), { mode: 0o600 })
  const proxy = await step(
    'Starting the SQL proxy',
    () =>
      startProxyFor({
        ...{ provider: place.provider, databaseUrl: place.databaseUrl },
        ...{ sessionKey: place.secrets.session, appOrigin: place.origin, port: ports.proxy },
        // A story clicks faster than a person.
        variables: tokenSeconds === undefined ? {} : { PROXY_RATE_LIMIT: '0' },
        log: (entry) => log.write(`${JSON.stringify(entry)}\n`),
      }),
    ({ url }) => `The SQL proxy is ready at ${url}/sql`,
  )
  stops.push(async () => {
    await proxy.close()
    log.end()
  })
}

/** Where the app sends SQL. */
function addresses({ publicPrefix }: App, ports: Ports): Variables {
  const found = {
    DATABASE_AUTHENTICATED_URL: 'postgresql://authenticated@localhost/todos',
    SQL_URL: `http://localhost:${ports.proxy}/sql`,
  }
  if (publicPrefix === undefined) return found
  const forBrowsers = Object.entries(found).map(
    ([name, value]) => [publicPrefix + name, value] as const,
  )
  return { ...found, ...Object.fromEntries(forBrowsers) }
}

async function build({ found, dataDir, signal }: StartOptions, variables: Variables) {
  const options = { found, variables, stamp: join(dataDir, 'built-from'), signal }
  if (found.example.app.build === undefined || buildIsCurrent(options)) return
  await step(
    'Building the app',
    () => buildApp(options),
    () => 'App built',
  )
}

async function startApp(
  { found, ports, dataDir, signal }: StartOptions,
  variables: Variables,
  stops: Stop[],
): Promise<Pick<Running, 'ended'>> {
  const logFile = join(dataDir, 'logs', 'app.log')
  const service = await step(
    'Starting the app',
    () =>
      startService(
        {
          name: 'The app',
          args: [...found.example.app.start],
          cwd: found.folder,
          env: {
            ...process.env,
            ...variables,
            PORT: String(ports.app),
            NODE_ENV: 'production',
            NEXT_TELEMETRY_DISABLED: '1',
            // The stand-in is there only; a browser tries both of localhost's addresses.
            NODE_OPTIONS: '--dns-result-order=ipv4first',
          },
          readyUrl: `http://localhost:${ports.app}/`,
          logFile,
        },
        signal,
      ),
    () => 'The app is ready',
  )
  stops.push(service.stop)
  return {
    ended: async () => {
      await service.ended
      throw new UserError(`The app stopped by itself.${lastWords(logFile)}`)
    },
  }
}
