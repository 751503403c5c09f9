/** Runs every check. A check that cannot run is a finding too, never a pass. */
import type { Config } from '../src/config/config'
import { ProxyError } from '../src/errors'
import { createParser } from '../src/gate/parser'
import { PostgresError } from '../src/postgres/messages'
import type { FetchKeys } from '../src/auth/tokens/fetch-keys'
import {
  ANONYMOUS,
  AUTHENTICATED,
  unsafe,
  type Check,
  type Finding,
  type Outcome,
  type Subject,
} from './check'
import { createCheck, definitionsCheck, temporaryCheck } from './creation'
import { definerReachCheck } from './definers'
import { openDatabase, type Database } from './database'
import { defaultGrantsCheck } from './default-grants'
import * as exposed from './exposed'
import { identityCheck } from './foreign-identity'
import { definerCheck, languageCheck, publicFunctionsCheck } from './functions'
import { clockCheck, sessionKeyCheck, timeoutCheck } from './identity'
import * as login from './login-role'
import * as policies from './policies'
import { memoryCheck } from './memory'
import { checkProviders } from './providers'
import * as roles from './request-roles'
import { shadowCheck } from './shadows'
import { schemaWatchCheck } from './schema-watch'
import { checkSettings } from './settings'
import { sizesCheck } from './sizes'
import { statisticsCheck } from './statistics'

export const CHECKS: readonly Check[] = [
  login.loginAttributesCheck,
  login.inheritCheck,
  login.membershipCheck,
  login.ownsCheck,
  login.readsNothingCheck,
  roles.rolesExistCheck,
  roles.roleAttributesCheck,
  roles.roleLoginCheck,
  roles.roleMembershipCheck,
  sessionKeyCheck,
  clockCheck,
  timeoutCheck,
  exposed.rlsCheck,
  exposed.noRlsPossibleCheck,
  exposed.viewCheck,
  exposed.beyondRowsCheck,
  exposed.anonymousCheck,
  exposed.sequenceCheck,
  statisticsCheck,
  sizesCheck,
  exposed.quotaCheck,
  defaultGrantsCheck,
  policies.noConditionCheck,
  policies.openPolicyCheck,
  policies.noUserCheck,
  identityCheck,
  policies.missingPolicyCheck,
  policies.perRowCheck,
  policies.indexCheck,
  definerCheck,
  definerReachCheck,
  publicFunctionsCheck,
  shadowCheck,
  languageCheck,
  temporaryCheck,
  createCheck,
  definitionsCheck,
  schemaWatchCheck,
]

/** All possible names of outcomes. */
export const NAMES: readonly string[] = [
  ...['database-tls', 'doors', 'tls-certificate', 'origins', 'allowlist', 'providers', 'login'],
  ...[...CHECKS, memoryCheck].map(({ name }) => name),
]

export type RunOptions = {
  /** For tests; by default, keys are fetched like in the proxy. */
  readonly fetch?: FetchKeys
  /** Whether to allocate 900 MB on the database server for a moment. */
  readonly probesMemory?: boolean
}

export async function runChecks(config: Config, options: RunOptions = {}): Promise<Outcome[]> {
  const checks = options.probesMemory === true ? [...CHECKS, memoryCheck] : CHECKS
  const [ofSettings, ofProviders, ofDatabase] = await Promise.all([
    checkSettings(config),
    checkProviders(config.tokens.providers, options.fetch),
    checkDatabase(config, checks),
  ])
  return [...ofSettings, ...ofProviders, ...ofDatabase]
}

async function checkDatabase(config: Config, checks: readonly Check[]): Promise<Outcome[]> {
  let database: Database
  try {
    database = await openDatabase(config)
  } catch (error) {
    return [{ name: 'login', group: 'Login role', good: '', findings: [cannotLogIn(error)] }]
  }
  const custom = config.tokens.providers.flatMap((provider) => [...provider.roles.keys()])
  const subject: Subject = {
    database,
    roles: [...new Set([AUTHENTICATED, ANONYMOUS, ...custom])],
    anonymous: config.anonymous,
    sessionKey: config.sessionKey,
    parser: await createParser(),
    listed: config,
  }
  try {
    const outcomes: Outcome[] = []
    for (const check of checks) outcomes.push(await runCheck(check, subject))
    return outcomes
  } finally {
    database.close()
  }
}

export async function runCheck(check: Check, subject: Subject): Promise<Outcome> {
  const { name, group, good } = check
  try {
    return { name, group, good, findings: unique(await check.run(subject)) }
  } catch (error) {
    const why = error instanceof PostgresError ? error.message : 'no answer'
    const finding = unsafe(
      `the check “${name}” could not be made: ${why}`,
      'Let the login role read the system catalogs (pg_catalog), as Postgres does by default.',
    )
    return { name, group, good, findings: [finding] }
  }
}

/** Removes duplicates, as for a policy for two commands or a table that is open to two roles. */
function unique(findings: readonly Finding[]): Finding[] {
  return [...new Map(findings.map((finding) => [JSON.stringify(finding), finding])).values()]
}

function cannotLogIn(error: unknown): Finding {
  const isOurs = error instanceof ProxyError
  return unsafe(
    `the proxy cannot log in: ${isOurs ? error.message : 'no connection could be made'}`,
    (isOurs ? error.fields.hint : undefined) ??
      'Check PROXY_DATABASE_URL, and run `npm run db:migrate`, which sets the password of authenticator.',
  )
}
