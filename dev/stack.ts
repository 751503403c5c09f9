/** Starts the parts in the order in which they need each other, and stops them in the reverse. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { DEMO_USERS } from '../db/demo-users'
import { lastWords } from '../proxy/test/postgres/last-words'
import { build, buildIsCurrent, NEXT } from './build'
import { ensureClerkAssets } from './clerk/assets'
import { startClerk } from './clerk/server'
import { assertPortFree } from './ports'
import { startService, type ServiceOptions } from './service'
import { hasLab, LAB, startLabDatabase } from './start-lab'
import { step } from './steps'
import { startDatabase } from './start-database'
import type { StackOptions, Stop } from './stack-options'
import { aborted } from './stop-signal'
import { printSummary } from './summary'
import { UserError } from './user-error'

/**
 * Runs until `signal` aborts.
 * @throws UserError when a part cannot be started, or stops by itself.
 */
export async function startStack(options: StackOptions, signal: AbortSignal): Promise<void> {
  const stops: Stop[] = []
  try {
    await checkPorts(options)
    await startDatabase(options, stops)
    signal.throwIfAborted()
    if (options.env.localClerk) await startLocalClerk(options, stops)
    const proxyEnded = await startProxy(options, stops, signal)
    const labEnded = hasLab(options) ? await startLab(options, stops, signal) : undefined
    const appEnded = await startApp(options, stops, signal)
    printSummary(options)
    await Promise.race([
      aborted(signal),
      proxyEnded(),
      appEnded(),
      ...(labEnded ? [labEnded()] : []),
    ])
    signal.throwIfAborted()
  } finally {
    if (stops.length > 0) console.log('Stopping …')
    for (const stop of stops.reverse()) await stop()
  }
}

async function checkPorts(options: StackOptions) {
  const { env } = options
  await assertPortFree(env.ports.app, 'the app', 'PORT')
  await assertPortFree(env.ports.proxy, 'the SQL proxy', 'PROXY_PORT')
  if (env.variables.PROXY_TCP_PORT) {
    await assertPortFree(env.ports.sessions, 'the SQL proxy over TCP', 'PROXY_TCP_PORT')
  }
  if (hasLab(options)) await assertPortFree(env.ports.lab, 'the lab', 'LAB_PORT')
  if (env.localClerk) {
    await assertPortFree(env.ports.clerk, 'the local Clerk', 'CLERK_LOCAL_PORT')
  }
}

async function startLocalClerk({ env, dataDir }: StackOptions, stops: Stop[]) {
  const clerk = await step(
    'Starting the local Clerk',
    async () => {
      const assetsDir = join('.data', 'clerk-assets')
      await ensureClerkAssets(assetsDir)
      return startClerk({
        port: env.ports.clerk,
        appOrigin: `http://localhost:${env.ports.app}`,
        stateFile: join(dataDir, 'clerk.json'),
        secretKey: env.variables.CLERK_SECRET_KEY ?? '',
        publishableKey: env.variables.NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY ?? '',
        demoUsers: DEMO_USERS,
        assetsDir,
        webhooks: {
          url: `http://localhost:${env.ports.app}/webhooks/clerk`,
          secret: env.variables.CLERK_WEBHOOK_SIGNING_SECRET ?? '',
        },
      })
    },
    () => `The local Clerk is ready on localhost:${env.ports.clerk}`,
  )
  stops.push(() => clerk.stop())
}

async function startProxy({ env, dataDir }: StackOptions, stops: Stop[], signal: AbortSignal) {
  return runService(
    'Starting the SQL proxy',
    {
      name: 'The SQL proxy',
      args: ['proxy/run.mjs'],
      env: { ...warmStatements(), ...process.env, ...env.variables, NODE_ENV: 'production' },
      readyUrl: `http://127.0.0.1:${env.ports.proxy}/readyz`,
      logFile: join(dataDir, 'logs', 'proxy.log'),
    },
    `The SQL proxy is ready on localhost:${env.ports.proxy}`,
    stops,
    signal,
  )
}

/** The app's own, as its browser tests send them; a fork may not have recorded its own yet. */
function warmStatements(): Record<string, string> {
  const path = join('db', 'queries.allowlist')
  return existsSync(path) ? { PROXY_WARM_STATEMENTS: path } : {}
}

async function startLab(options: StackOptions, stops: Stop[], signal: AbortSignal) {
  const { env, dataDir } = options
  const databaseUrl = await startLabDatabase(options, stops)
  return runService(
    'Starting the lab',
    {
      name: 'The lab',
      args: ['--import', 'tsx', LAB],
      env: { ...process.env, LAB_PORT: String(env.ports.lab), LAB_DATABASE_URL: databaseUrl },
      readyUrl: `http://127.0.0.1:${env.ports.lab}/.well-known/jwks.json`,
      logFile: join(dataDir, 'logs', 'lab.log'),
    },
    'The lab is ready',
    stops,
    signal,
  )
}

async function startApp(options: StackOptions, stops: Stop[], signal: AbortSignal) {
  const { env, dataDir, distDir, watch } = options
  if (!watch && !buildIsCurrent(distDir, env.variables)) {
    await step(
      'Building the app',
      () => build(distDir, env.variables, signal),
      () => 'App built',
    )
  }
  // By name, for Next compares it with the Host that requests are sent to: a request hook's answer
  // that seems to point elsewhere would be fetched from there.
  const address = ['-p', String(env.ports.app), '-H', 'localhost']
  return runService(
    'Starting the app',
    {
      name: 'The app',
      args: ['--dns-result-order=ipv4first', NEXT, watch ? 'dev' : 'start', ...address],
      env: {
        APP_ORIGIN: `http://localhost:${env.ports.app}`,
        ...process.env,
        ...env.variables,
        NODE_ENV: watch ? 'development' : 'production',
        NEXT_DIST_DIR: distDir,
        NEXT_TELEMETRY_DISABLED: '1',
      },
      // The dev server compiles a page when it is asked for, which takes its time.
      readyUrl: `http://localhost:${env.ports.app}${watch ? '/icon.svg' : '/sign-in'}`,
      logFile: watch ? null : join(dataDir, 'logs', 'app.log'),
    },
    'The app is ready',
    stops,
    signal,
  )
}

/** Starts a program; the promise in its answer rejects when it ends before anyone stopped it. */
async function runService(
  doing: string,
  options: ServiceOptions,
  ready: string,
  stops: Stop[],
  signal: AbortSignal,
): Promise<() => Promise<never>> {
  const service = await step(
    doing,
    () => startService(options, signal),
    () => ready,
  )
  stops.push(service.stop)
  return async () => {
    await service.ended
    throw new UserError(`${options.name} stopped by itself.${lastWords(options.logFile)}`)
  }
}
