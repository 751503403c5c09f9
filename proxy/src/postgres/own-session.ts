/**
 * Verifies that a session has a Postgres backend of its own. A pooler in transaction mode (PgBouncer,
 * Odyssey, Supavisor, RDS Proxy) gives each transaction to any free backend: settings get lost, and the
 * name of a prepared statement may refer to another client's statement.
 */
import { randomBytes } from 'node:crypto'
import type { Client } from 'pg'

/** A setting that only this session's backend has, because it was in its startup packet. */
export type Mark = { readonly name: string; readonly value: string }

export function newMark(): Mark {
  return { name: 'sql_proxy.session', value: randomBytes(12).toString('hex') }
}

/** For the startup parameter `options`. */
export function asSetting({ name, value }: Mark): Readonly<Record<string, string>> {
  return { [name]: value }
}

export type Ownership =
  /** `processId` is the backend's own: an intermediary may report a different one at login. */
  | { readonly isOwn: true; readonly processId: number }
  /** The reason, for the operator. */
  | { readonly isOwn: false; readonly problem: string }

/** Queries twice, because a pooler may use another backend for each transaction. */
export async function checkOwnership(client: Client, mark: Mark): Promise<Ownership> {
  const first = await ask(client, mark)
  const second = await ask(client, mark)
  const isMarked = first.value === mark.value && second.value === mark.value
  if (isMarked && first.pid === second.pid) return { isOwn: true, processId: first.pid }
  return { isOwn: false, problem: poolerRefused() }
}

export function poolerRefused(): string {
  return 'a connection pooler in front of Postgres does not give the proxy sessions of its own with the settings of its login; let PROXY_DATABASE_URL lead to Postgres itself, since the proxy is a connection pool already'
}

async function ask(client: Client, { name }: Mark): Promise<{ pid: number; value: string | null }> {
  // Uses the simple protocol, which prepares no statement on what might be another session's backend.
  const { rows } = await client.query<{ pid: number; value: string | null }>(
    `select pg_catalog.pg_backend_pid() as pid, pg_catalog.current_setting('${name}', true) as value`,
  )
  return rows[0] ?? { pid: 0, value: null }
}
