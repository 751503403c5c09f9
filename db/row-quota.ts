/** How many rows of a table one user may own: declared next to the table, enforced by Postgres. */
import type { PgColumn } from 'drizzle-orm/pg-core'

/** SQLSTATE of the statement that would exceed a quota; no class of Postgres' own begins with R. */
export const QUOTA_EXCEEDED = 'RQ001'

export class RowQuota {
  /** Rows with the same value in it count together. */
  readonly owner: PgColumn
  readonly maxRows: number

  constructor(owner: PgColumn, maxRows: number) {
    this.owner = owner
    this.maxRows = maxRows
  }
}

/**
 * At most `maxRows` rows of the column's table may have the same value in `owner`. Export the result
 * from `db/schema`: `npm run db:migrate` installs every quota that it finds there.
 *
 * A statement that would leave more fails with SQLSTATE RQ001, whole. The table's owner is exempt.
 */
export function rowQuota(owner: PgColumn, maxRows: number): RowQuota {
  return new RowQuota(owner, maxRows)
}
