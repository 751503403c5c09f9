/** The first steps on every way in, whether a request or a session: who asks, and may they now. */
import type { Authenticate, Authenticated } from './auth/authenticate'
import type { Identity } from './auth/identity'
import { ProxyError } from './errors'
import type { RateLimit } from './limits/rate-limit'
import type { StatementMeters } from './limits/statement-meter'
import type { Target } from './request/connection-string'
import { TokenChecks } from './trace/token'
import type { Tracer } from './trace/trace'

export type AdmitParts = {
  readonly databaseName: string
  readonly authenticate: Authenticate
  readonly rates: { readonly user: RateLimit; readonly address: RateLimit }
  readonly meters: StatementMeters
}

/** A request with a refused token counts as this many requests of its address. */
const REFUSED_TOKEN_COUNTS = 10

/**
 * @param token undefined for a request as `anonymous`
 * @param tracer of a request that asks for its trace
 * @throws ProxyError of the token, the limits or the database
 */
export async function admit(
  token: string | undefined,
  target: Target,
  address: string,
  parts: AdmitParts,
  tracer?: Tracer,
): Promise<Authenticated> {
  const authenticated = await authenticate(token, target, address, parts, tracer)
  tracer?.begin('limits')
  const user = countedAs(authenticated.user, authenticated.identity, address)
  parts.rates.user.take(user)
  parts.meters.budget.check(user)
  return user === authenticated.user ? authenticated : { ...authenticated, user }
}

/** The proxy serves one database. */
export function requireDatabase({ database }: Target, { databaseName }: AdmitParts): void {
  if (database !== databaseName) throw unknownDatabase(database)
}

/** A refused token counts several times: checking it is expensive, and no app sends many. */
async function authenticate(
  token: string | undefined,
  target: Target,
  address: string,
  parts: AdmitParts,
  tracer?: Tracer,
): Promise<Authenticated> {
  const checks = tracer && new TokenChecks(tracer)
  try {
    return await parts.authenticate(token, target, checks?.onPassed)
  } catch (error) {
    checks?.refused()
    if (error instanceof ProxyError && error.code.startsWith('token_')) {
      parts.rates.address.count(address, REFUSED_TOKEN_COUNTS - 1)
    }
    throw error
  }
}

/** Requests without a token are counted by address; otherwise one client could starve the others. */
function countedAs(user: string, identity: Identity, address: string): string {
  return identity.sessionToken === '' ? `${user} ${address}` : user
}

/** Postgres' own wording. */
function unknownDatabase(name: string): ProxyError {
  return new ProxyError('database_unknown', `database "${name}" does not exist`, {
    code: '3D000',
    severity: 'FATAL',
  })
}
