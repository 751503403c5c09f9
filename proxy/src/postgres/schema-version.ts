/**
 * Tells whether the schema is still the one that a session's prepared statements were parsed for.
 * Postgres fixes the types of parameters when it parses a statement: after a change of a column's type,
 * a statement that was prepared before can fail, or store a wrong value without an error.
 */
import type { PostgresConnection } from './connection'
import type { Step, Turn } from './flight'
import { PostgresError, rowSink } from './messages'

/** What a session has seen; one object for each look, so that sessions can tell looks apart. */
export type SchemaVersion = {
  /** Everything that proxy/sql/11_schema_version.sql has noted, as an array of Postgres'. */
  readonly changes: string
  /**
   * Fails when the schema has changed. After the statements of a transaction, before it commits: they
   * hold their locks by then, so that no table of theirs can change any more.
   */
  readonly check: Step
  /** Event triggers note all changes; otherwise only those that migrations make. */
  readonly isWatched: boolean
}

/** SQLSTATE of proxy_state.refuse_stale(). */
const STALE = 'RS001'

const READ = `select
    (select coalesce(pg_catalog.array_agg(version order by version), '{}') from proxy_state.schema_version),
    (select pg_catalog.count(*) = 2 from pg_catalog.pg_event_trigger
      where evtname like 'note\\_schema\\_change\\_%' and evtenabled = 'A')`

const CHECK =
  'select proxy_state.refuse_stale() from proxy_state.schema_version where version <> all ($1::pg_catalog.uuid[])'

/**
 * Asks for the version. Only statements that are parsed after it may count as parsed under it.
 * @param connection in no transaction, so that the question is asked as the login role
 * @returns undefined where the database is not migrated: nothing may stay prepared there
 * @throws ConnectionLost or Stalled
 */
export async function readSchemaVersion(
  connection: PostgresConnection,
  turn?: Turn,
): Promise<SchemaVersion | undefined> {
  let version: SchemaVersion | undefined
  const sink = rowSink(([changes, isWatched]) => {
    const seen = changes ?? '{}'
    const check = { sql: CHECK, params: [seen], key: 'schema check' }
    version = { changes: seen, check, isWatched: isWatched === 't' }
  })
  try {
    await connection.run([{ sql: READ, params: [], sink }], turn)
  } catch (error) {
    if (!(error instanceof PostgresError)) throw error
  }
  return version
}

/** `check` has failed. */
export function isStaleSchema({ fields }: PostgresError): boolean {
  return fields.code === STALE
}

/** "cached plan must not change result type": the table changed since the statement was prepared. */
export function isStalePlan({ fields }: PostgresError): boolean {
  return fields.code === '0A000' && fields.routine === 'RevalidateCachedQuery'
}

/** Types and names that do not fit, such as 22P02, 42804, 42883, and types that are gone (XX000). */
export function mayBeStale({ fields }: PostgresError): boolean {
  return /^(22|42[78P]|XX)/.test(fields.code ?? '')
}

/** Postgres has ended the statement or the session; there is nothing to be asked. */
export function isIntervention({ fields }: PostgresError): boolean {
  return fields.code?.startsWith('57') === true
}
