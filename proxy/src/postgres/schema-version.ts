/**
 * Detects schema changes since a session's statements were prepared. Postgres fixes the types of
 * parameters when it parses a statement: after a column's type changes, a statement that was prepared
 * before can fail, or store a wrong value without an error.
 */
import type { Runner, Step, Turn } from './flight'
import { PostgresError, rowSink } from './messages'

/** The version that a session has seen. Each look creates a new object, so looks can be told apart. */
export type SchemaVersion = {
  /** All rows of proxy_state.schema_version, as a Postgres array. */
  readonly changes: string
  /**
   * Fails when the schema has changed. Runs after the statements of a transaction and before its commit:
   * they hold their locks by then, so their tables cannot change any more.
   */
  readonly check: Step
  /** With event triggers, all changes are noticed; otherwise only migrations. */
  readonly isWatched: boolean
}

/** SQLSTATE of proxy_state.refuse_stale(). */
const STALE = 'RS001'

const READ = `select
    (select coalesce(pg_catalog.array_agg(version order by version), '{}') from proxy_state.schema_version),
    (select pg_catalog.count(*) = 2 from pg_catalog.pg_event_trigger
      where evtname like 'note\\_schema\\_change\\_%' and evtenabled = 'A')`

/** An array of UUIDs as Postgres writes it, which may stand between quotes. */
const VERSIONS = /^\{[0-9a-f,-]*\}$/

/** Without a parameter, which Postgres would have to read for each transaction. */
function checkFor(versions: string): Step {
  const sql = `select proxy_state.refuse_stale() from proxy_state.schema_version where version <> all ('${versions}'::pg_catalog.uuid[])`
  return { sql, params: [], key: `schema check ${versions}` }
}

/**
 * Queries the version. Only statements that are parsed later belong to it.
 * @param connection outside a transaction, so that the query runs as the login role
 * @returns undefined if the database is not migrated; then nothing may stay prepared
 * @throws ConnectionLost or Stalled
 */
export async function readSchemaVersion(
  connection: Runner,
  turn?: Turn,
): Promise<SchemaVersion | undefined> {
  let version: SchemaVersion | undefined
  const sink = rowSink(([changes, isWatched]) => {
    if (!VERSIONS.test(changes ?? '')) return
    const seen = changes ?? ''
    version = { changes: seen, check: checkFor(seen), isWatched: isWatched === 't' }
  })
  try {
    await connection.run([{ sql: READ, params: [], sink }], turn)
  } catch (error) {
    if (!(error instanceof PostgresError)) throw error
  }
  return version
}

/** Whether `check` has failed. */
export function isStaleSchema({ fields }: PostgresError): boolean {
  return fields.code === STALE
}

/** "cached plan must not change result type": the table changed since the statement was prepared. */
export function isStalePlan({ fields }: PostgresError): boolean {
  return fields.code === '0A000' && fields.routine === 'RevalidateCachedQuery'
}

/** Errors of mismatched types and names, such as 22P02, 42804, 42883, or of dropped types (XX000). */
export function mayBeStale({ fields }: PostgresError): boolean {
  return /^(22|42[78P]|XX)/.test(fields.code ?? '')
}

/** Postgres has ended the statement or the session, so the version cannot be queried. */
export function isIntervention({ fields }: PostgresError): boolean {
  return fields.code?.startsWith('57') === true
}
