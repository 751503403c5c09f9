/**
 * Warm-up requests: over HTTP, through the proxy's own code, down to Postgres, for a user without rows.
 * They are not logged, recorded, or counted against limits.
 */
import { once } from 'node:events'
import { Agent, request, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createAuthenticate } from '../../auth/authenticate'
import { createHandle, type Parts } from '../../handle'
import type { Handle } from '../../http/message'
import { createHttpServer, type HttpSettings } from '../../http/http-server'
import { InFlight } from '../../limits/in-flight'
import { CpuBudget } from '../../limits/cpu-budget'
import { StatementMeters } from '../../limits/statement-meter'
import { toLine } from '../../http/logger'
import { RateLimit } from '../../limits/rate-limit'
import type { SessionKey } from '../../auth/session-key'
import { createVerifier } from '../../auth/tokens/verify'
import { createOwnIssuer, type OwnIssuer } from './issuer'

export type RehearsalSettings = {
  /** The real parts, but a gate without allow-list and recorder. */
  readonly parts: Pick<
    Parts,
    'databaseName' | 'requestTimeoutMs' | 'statementTimeoutMs' | 'parseBody' | 'gate' | 'execute'
  >
  readonly http: Omit<HttpSettings, 'handle'>
  readonly sessionKey: SessionKey
}

/** Rows with the types that applications use, and one parameter. */
const ROWS = `select gen_random_uuid() as id, 'Buy "milk"' as task, n > 10 as done, now() as at, n,
  n / 2.0::float8 as half, case when n > 5 then '{"a": 1}'::jsonb end as j
  from generate_series(1, 20) as t(n) where n::text <> $1`
const query = { query: ROWS, params: ['0'] }

const SCENES = {
  /** Refused by the gate, so it needs no Postgres. */
  refused: [{ query: 'select pg_sleep($1)', params: ['0'] }],
  answered: [query, query, query, { queries: [query, query] }],
} as const

/** Stops at the first of these limits. */
export type Limits = { readonly times: number; readonly ms: number; readonly signal: AbortSignal }

export async function rehearse(
  settings: RehearsalSettings,
  scene: keyof typeof SCENES,
  { times, ms, signal }: Limits,
): Promise<void> {
  const issuer = await createOwnIssuer()
  // This temporary port checks tokens like the real one, and trusts only the warm-up's issuer.
  const server = createHttpServer({ ...settings.http, handle: handleFor(settings, issuer) })
  // A separate port, even in a worker.
  server.listen({ host: '127.0.0.1', port: 0, exclusive: true })
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  const bodies = SCENES[scene]
  const end = performance.now() + ms
  try {
    for (let i = 0; i < times && performance.now() < end && !signal.aborted; i++) {
      const outgoing = request({
        ...{ agent, port, host: '127.0.0.1', method: 'POST', path: '/sql' },
        headers: headersFor(settings.parts.databaseName, await issuer.token(), i % 2 === 0),
      })
      // After an abort, an error event without a listener would end the process.
      outgoing.on('error', () => undefined)
      outgoing.end(JSON.stringify(bodies[i % bodies.length]))
      const [incoming] = (await once(outgoing, 'response', { signal })) as [IncomingMessage]
      await once(incoming.resume(), 'end', { signal })
    }
  } finally {
    agent.destroy()
    server.close()
    server.closeAllConnections()
  }
}

function handleFor({ parts, sessionKey }: RehearsalSettings, issuer: OwnIssuer): Handle {
  return createHandle({
    ...parts,
    allowedOrigins: new Set(),
    serializable: false,
    allowedHeaders: [],
    paths: { anonymous: false, password: false },
    authenticate: createAuthenticate({
      verifyToken: createVerifier(issuer.providers),
      checkRole: () => Promise.resolve(),
      sessionKey,
    }),
    rates: { user: new RateLimit(0), address: new RateLimit(0) },
    meters: new StatementMeters(new CpuBudget(0), { longestMs: parts.requestTimeoutMs }),
    inFlight: new InFlight(1),
    largeBodies: new InFlight(1),
    executeByPassword: () => Promise.reject(new Error('there is no such door')),
    readiness: () => Promise.resolve([]),
    log: toLine,
  })
}

/** As sent by Neon's driver: raw text in arrays for Drizzle, otherwise values in objects. */
function headersFor(databaseName: string, token: string, isDrizzle: boolean) {
  return {
    authorization: `Bearer ${token}`,
    'neon-connection-string': `postgresql://authenticated@localhost/${encodeURIComponent(databaseName)}`,
    'neon-raw-text-output': String(isDrizzle),
    'neon-array-mode': String(isDrizzle),
  }
}
