/** The database accepts this proxy's seals, has the same time, and stops statements that run too long. */
import { sealClaims } from '../src/auth/seal'
import { PostgresError } from '../src/postgres/messages'
import { LEEWAY_S } from '../src/auth/tokens/leeway'
import { AUTHENTICATED, unsafe, weak, type Check, type Finding, type Subject } from './check'
import { text } from './database'

const GROUP = 'Identity'
const NOTEWORTHY_S = 2

export const sessionKeyCheck: Check = {
  name: 'session-key',
  group: GROUP,
  good: 'the database knows PROXY_SESSION_KEY: auth.user_id() and auth.session() accept the proxy’s seals',
  run: async ({ database, sessionKey }) => {
    const claims = { sub: 'proxy-check', exp: Math.floor(Date.now() / 1000) + 60 }
    const identity = {
      role: AUTHENTICATED,
      sessionToken: sealClaims(sessionKey, JSON.stringify(claims)),
    }
    const fix = 'Run `npm run db:migrate` with the PROXY_SESSION_KEY that the proxy uses.'
    try {
      const [row] = await database.queryAs(
        identity,
        `select auth.user_id() as id, auth.session() ->> 'sub' as sub`,
      )
      if (row?.id === claims.sub && row.sub === claims.sub) return []
      return [
        unsafe('auth.user_id() or auth.session() does not give back what the proxy sealed', fix),
      ]
    } catch (error) {
      if (!(error instanceof PostgresError)) throw error
      return [unsafe(`acting for a user failed: ${error.message}`, fix)]
    }
  },
}

export const clockCheck: Check = {
  name: 'clock',
  group: GROUP,
  good: 'the clocks of the proxy and of Postgres agree',
  run: async ({ database }) => {
    const before = Date.now()
    const [row] = await database.query(
      'select extract(epoch from pg_catalog.clock_timestamp()) as seconds',
    )
    const middle = (before + Date.now()) / 2000
    return judgeClock(Number(row?.seconds) - middle)
  },
}

/** @param ahead how many seconds Postgres' clock is ahead of the proxy's */
export function judgeClock(ahead: number): Finding[] {
  const seconds = Math.abs(ahead)
  if (seconds < NOTEWORTHY_S) return []
  const what = `the clock of Postgres is ${seconds.toFixed(1)} s ${ahead > 0 ? 'ahead of' : 'behind'} the proxy's`
  const fix = `Let both machines take the time from the network (NTP); tokens have ${LEEWAY_S} s of leeway, unless a provider's "leeway" says otherwise.`
  return [seconds < LEEWAY_S ? weak(what, fix) : unsafe(what, fix)]
}

export const timeoutCheck: Check = {
  name: 'timeouts',
  group: GROUP,
  good: 'a statement that runs too long is stopped, even if a role logs in past the proxy',
  run: async (subject) => [...(await inSession(subject)), ...(await ofRole(subject))],
}

async function inSession({ database }: Subject): Promise<Finding[]> {
  const [row] = await database.query(
    `select setting from pg_catalog.pg_settings where name = 'statement_timeout'`,
  )
  if (row?.setting !== '0') return []
  return [
    unsafe(
      'statement_timeout is off in the proxy’s sessions: one statement can run without end',
      'A pooler between the proxy and Postgres may drop start-up options: connect directly, or set it on the role.',
    ),
  ]
}

async function ofRole({ database }: Subject): Promise<Finding[]> {
  const [row] = await database.query(
    `select rolname, pg_catalog.quote_ident(rolname) as name,
       coalesce(pg_catalog.array_to_string(rolconfig, ','), '') as settings
     from pg_catalog.pg_roles where rolname = current_user`,
  )
  if (row === undefined || /(^|,)statement_timeout=(?!0(,|$))/.test(text(row, 'settings')))
    return []
  return [
    weak(
      `the login role ${text(row, 'rolname')} has no statement_timeout of its own`,
      `ALTER ROLE ${text(row, 'name')} SET statement_timeout = '30s';`,
    ),
  ]
}
