/** Checks whether a request could be served: Postgres accepts us and lets us act for a user, and all keys are loaded. */
import { becomeUser } from '../auth/identity'
import { ProxyError } from '../errors'
import { internalQuery } from '../postgres/internal-query'
import { PostgresError } from '../postgres/messages'
import type { Pool } from '../postgres/pool'
import type { ShadowCheck } from '../gate/shadows'
import type { Provider, Providers } from '../auth/tokens/providers'

/** What is missing, in plain words; empty when ready. */
export type Readiness = () => Promise<readonly string[]>

/** Answers are cached, because anyone may ask; a negative one only briefly, so that readiness shows soon. */
const READY_MS = 250
const NOT_READY_MS = 25

/** @param isWarm whether the warm-up is over */
export function createReadiness(
  pool: Pool,
  shadows: ShadowCheck,
  providers: Pick<Providers, 'all'>,
  isWarm: () => boolean,
): Readiness {
  let answer: Promise<readonly string[]> | undefined
  const check = async () => {
    const found = await Promise.all([checkPostgres(pool, shadows), ...providers.all.map(checkKeys)])
    const problems = found.flat()
    const forget = () => {
      answer = undefined
    }
    setTimeout(forget, problems.length === 0 ? READY_MS : NOT_READY_MS).unref()
    return problems
  }
  return async () => {
    const problems = await (answer ??= check())
    return problems.length > 0 || isWarm() ? problems : ['the proxy is still warming up']
  }
}

async function checkPostgres(pool: Pool, shadows: ShadowCheck): Promise<string[]> {
  try {
    const asUser = becomeUser({ role: 'authenticated', sessionToken: '' })
    await internalQuery(pool, async (connection) => {
      await connection.run([asUser])
      await shadows.look(connection)
    })
    return [...shadows.problems]
  } catch (error) {
    const isOurs = error instanceof ProxyError || error instanceof PostgresError
    return [`Postgres: ${isOurs ? error.message : 'no answer'}`]
  }
}

async function checkKeys({ name, keys }: Provider): Promise<string[]> {
  try {
    await keys.ready()
    return []
  } catch (error) {
    const why = error instanceof Error ? error.message : 'no answer'
    return [`keys of ${name} at ${keys.url}: ${why}`]
  }
}
