/** Caches what Postgres' catalog says about types that are not built in. */
import { LruMap } from '../lru-map'
import type { ArrayInfo } from '../execute/answer/types'
import type { PostgresConnection } from './connection'
import type { Turn } from './flight'
import { rowSink } from './messages'

/** Users cannot create types through the proxy, so they cannot fill this cache. */
const MAX_TYPES = 10_000
const LOOK_UP = `select t.oid, t.typelem, e.typdelim
  from pg_catalog.pg_type t join pg_catalog.pg_type e on e.oid = t.typelem
  where t.oid = any ($1::pg_catalog.oid[]) and t.typcategory = 'A' and t.typlen = -1`

export class TypeCatalog {
  readonly #types = new LruMap<ArrayInfo>(MAX_TYPES)

  get(oid: number): ArrayInfo | undefined {
    return this.#types.get(String(oid))
  }

  /** Clears the cache after a schema change. */
  forget(): void {
    this.#types.clear()
  }

  /** @param connection outside a transaction, so that the query runs as the login role */
  async learn(oids: readonly number[], connection: PostgresConnection, turn?: Turn): Promise<void> {
    if (oids.length === 0) return
    const found = new Map<string, ArrayInfo>(oids.map((oid) => [String(oid), null]))
    const steps = [
      {
        sql: LOOK_UP,
        params: [`{${oids.join(',')}}`],
        sink: rowSink(([oid, element, delimiter]) => {
          if (oid == null || element == null || delimiter == null) return
          found.set(oid, { element: Number(element), delimiter })
        }),
      },
    ]
    await connection.run(steps, turn)
    for (const [oid, info] of found) this.#types.set(oid, info)
  }
}
