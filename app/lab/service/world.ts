/** One world: a scratch database, and in front of it a proxy of its own that trusts the lab's issuer alone. */
import { parseConfig, type Config } from '../../../proxy/src/config/config'
import { openGate } from '../../../proxy/src/gate/gate'
import { startProxy } from '../../../proxy/src/server'
import type { As, Layer, Outcome, Run } from './api'
import type { Databases, Scratch } from './databases'
import { AUTHORIZED_PARTY, type Issuer } from './issuer'
import { withoutLayers } from './layers'
import { runAndRollBack, type Caller, type Door } from './roll-back'
import { runSql } from '../sql/run-sql'

export const STATEMENT_TIMEOUT_MS = 3_000

export type World = {
  readonly scratch: Scratch
  readonly missing: readonly Layer[]
  readonly config: Config
  readonly run: (order: Run) => Promise<Outcome>
  /** What the proxy makes of a token. */
  readonly verify: (token: string) => Promise<Outcome>
  readonly close: () => Promise<void>
}

export async function makeWorld(
  databases: Databases,
  issuer: Issuer,
  missing: readonly Layer[],
): Promise<World> {
  const scratch = await databases.make(withoutLayers(missing))
  try {
    return await openWorld(scratch, issuer, missing)
  } catch (error) {
    await scratch.drop()
    throw error
  }
}

async function openWorld(
  scratch: Scratch,
  issuer: Issuer,
  missing: readonly Layer[],
): Promise<World> {
  const config = parseConfig(variablesOf(scratch, issuer))
  const proxy = await startProxy(config, {
    isWarm: true,
    log: () => undefined,
    threads: { count: 1 },
    ...(missing.includes('gate') ? { gate: openGate } : {}),
  })
  const door: Door = { tcpPort: proxy.tcpPort ?? 0, database: scratch.name }
  const ask = ({ role, token }: Caller, order: Pick<Run, 'sql' | 'params' | 'trace'>) => {
    const connectionString = `postgresql://${role}@localhost/${scratch.name}`
    return runSql({ url: `${proxy.url}/sql`, connectionString }, token, order)
  }
  return {
    ...{ scratch, missing, config },
    run: ({ as, rollback = false, ...order }) => {
      const caller = { role: roleOf(as), token: tokenOf(issuer, as) }
      return rollback ? runAndRollBack(door, caller, order) : ask(caller, order)
    },
    verify: (token) => ask({ role: AUTHENTICATED, token }, WHO_AM_I),
    close: async () => {
      await proxy.close()
      await scratch.drop()
    },
  }
}

const AUTHENTICATED = 'authenticated'
const WHO_AM_I = { sql: 'select auth.user_id() as user_id', trace: true }

export function roleOf(as: As): string {
  return as === null ? 'anonymous' : (as.role ?? AUTHENTICATED)
}

function tokenOf(issuer: Issuer, as: As): string | undefined {
  return as === null ? undefined : issuer.token(as.sub, as.claims)
}

/** As the app's proxy has them, but for small limits: a class of people shares the machine. */
function variablesOf(
  { loginUrl, sessionKey }: Scratch,
  issuer: Issuer,
): Readonly<Record<string, string>> {
  return {
    PROXY_HOST: '127.0.0.1',
    PROXY_PORT: '0',
    PROXY_TCP_PORT: '0',
    PROXY_DATABASE_URL: loginUrl,
    PROXY_SESSION_KEY: sessionKey,
    PROXY_JWT_PROVIDERS: JSON.stringify([
      {
        name: 'lab',
        issuer: issuer.url,
        jwksUrl: `${issuer.url}/.well-known/jwks.json`,
        authorizedParties: [AUTHORIZED_PARTY],
        roles: { moderator: { claim: 'metadata.role', equals: 'moderator' } },
      },
    ]),
    PROXY_ANONYMOUS: 'on',
    PROXY_TRACE: 'on',
    PROXY_WORKERS: '1',
    PROXY_POOL_SIZE: '3',
    PROXY_QUEUE_LENGTH: '50',
    PROXY_STATEMENT_TIMEOUT_MS: String(STATEMENT_TIMEOUT_MS),
    PROXY_MAX_ROWS: '1000',
    PROXY_MAX_ANSWER_BYTES: '1048576',
    PROXY_SHUTDOWN_GRACE_MS: '1000',
  }
}
