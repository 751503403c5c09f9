/** Checks that a role exists, that the proxy may use it, and that row-level security applies to it. */
import { ProxyError } from '../errors'
import { LruMap } from '../lru-map'
import { internalQuery } from '../postgres/internal-query'
import { rowSink } from '../postgres/messages'
import type { Pool } from '../postgres/pool'

/** @throws ProxyError role_unavailable */
export type CheckRole = (role: string) => Promise<void>

/** How long a result is cached: a role that was created or fixed works after this at the latest. */
const REMEMBER_MS = 10_000
const MAX_ROLES = 1_000

/**
 * Superusers and roles with BYPASSRLS see everything, and policies do not apply to a table's owner.
 * The last column covers predefined roles that can reach beyond the database, to the server's files.
 */
const LOOK_UP = `select
    rolsuper or rolbypassrls or rolcreaterole or rolcreatedb or rolreplication or rolname = session_user,
    pg_catalog.pg_has_role(session_user, r.oid,
      case when pg_catalog.current_setting('server_version_num')::int >= 160000 then 'SET' else 'MEMBER' end),
    exists (select from pg_catalog.pg_database where datname = pg_catalog.current_database() and pg_catalog.pg_has_role(r.oid, datdba, 'USAGE'))
      or exists (select from pg_catalog.pg_class c where c.relkind in ('r', 'p', 'v', 'm', 'f') and pg_catalog.pg_has_role(r.oid, c.relowner, 'USAGE')),
    exists (select from pg_catalog.pg_roles p where p.rolname in ('pg_read_server_files', 'pg_write_server_files', 'pg_execute_server_program')
      and pg_catalog.pg_has_role(r.oid, p.oid, 'USAGE'))
  from pg_catalog.pg_roles r where r.rolname = $1`

export function createRoleCheck(
  pool: Pool,
  now: () => number = () => performance.now(),
): CheckRole {
  const verdicts = new LruMap<{ at: number; problem: Promise<string | undefined> }>(MAX_ROLES)
  return async (role) => {
    let verdict = verdicts.get(role)
    if (verdict === undefined || now() - verdict.at > REMEMBER_MS) {
      verdict = { at: now(), problem: problemOf(pool, role) }
      verdicts.set(role, verdict)
      // An unreachable Postgres says nothing about the role.
      verdict.problem.catch(() => {
        verdicts.delete(role)
      })
    }
    const problem = await verdict.problem
    if (problem === undefined) return
    throw new ProxyError('role_unavailable', `the role "${role}" cannot be used: ${problem}`, {
      hint: `Make it so that users are held by row-level security: create role ${role} nologin; grant ${role} to authenticator; and grant it what it may read.`,
    })
  }
}

async function problemOf(pool: Pool, role: string): Promise<string | undefined> {
  const found: (readonly (string | null)[])[] = []
  const sink = rowSink((row) => {
    found.push(row)
  })
  await internalQuery(pool, (connection) =>
    connection.run([{ sql: LOOK_UP, params: [role], sink }]),
  )
  const [row] = found
  if (row === undefined) return 'it does not exist in the database'
  const [isPowerful, isGranted, isOwner, reachesFiles] = row.map((value) => value === 't')
  if (isPowerful === true) {
    return 'it is SUPERUSER, BYPASSRLS, CREATEROLE, CREATEDB, REPLICATION or the role that the proxy logs in as, so row-level security would not hold it'
  }
  if (isOwner === true)
    return 'it owns tables or the database, so row-level security would not hold it'
  if (reachesFiles === true) return 'it may read or write files of the database server'
  if (isGranted !== true) return 'it is not granted to the role that the proxy logs in as'
  return undefined
}
