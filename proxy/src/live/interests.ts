/** Finds the live queries that a change may concern, at the cost of those and not of all. */
import type { Change } from './change'

/** What a query listens to: the keys of each table, undefined for every change of it. */
type Keys = ReadonlyMap<string, readonly string[] | undefined>

type Table<Q> = { readonly any: Set<Q>; readonly byKey: Map<string, Set<Q>> }

export class Interests<Q> {
  /** Queries whose interest is not known (yet): every change may concern them. */
  readonly #unknown = new Set<Q>()
  readonly #known = new Map<Q, Keys>()
  readonly #tables = new Map<string, Table<Q>>()

  /** @param keys undefined as long as they are not known */
  set(query: Q, keys: Keys | undefined): void {
    this.delete(query)
    if (keys === undefined) {
      this.#unknown.add(query)
      return
    }
    this.#known.set(query, keys)
    for (const [relation, names] of keys) {
      const table = this.#table(relation)
      if (names === undefined) table.any.add(query)
      for (const name of names ?? []) addTo(table.byKey, name, query)
    }
  }

  delete(query: Q): void {
    this.#unknown.delete(query)
    for (const [relation, names] of this.#known.get(query) ?? []) {
      const table = this.#table(relation)
      table.any.delete(query)
      for (const name of names ?? []) removeFrom(table.byKey, name, query)
      if (table.any.size === 0 && table.byKey.size === 0) this.#tables.delete(relation)
    }
    this.#known.delete(query)
  }

  /** The queries to run again. */
  concerned(change: Change): Set<Q> {
    const found = new Set(this.#unknown)
    if (change.kind === 'schema') {
      for (const query of this.#known.keys()) found.add(query)
      return found
    }
    const table = this.#tables.get(change.relation)
    if (table === undefined) return found
    for (const query of table.any) found.add(query)
    for (const key of change.keys ?? table.byKey.keys()) {
      for (const query of table.byKey.get(key) ?? []) found.add(query)
    }
    return found
  }

  #table(relation: string): Table<Q> {
    const known = this.#tables.get(relation)
    if (known !== undefined) return known
    const table: Table<Q> = { any: new Set<Q>(), byKey: new Map<string, Set<Q>>() }
    this.#tables.set(relation, table)
    return table
  }
}

function addTo<Q>(sets: Map<string, Set<Q>>, key: string, value: Q): void {
  const known = sets.get(key)
  if (known === undefined) sets.set(key, new Set([value]))
  else known.add(value)
}

function removeFrom<Q>(sets: Map<string, Set<Q>>, key: string, value: Q): void {
  const known = sets.get(key)
  known?.delete(value)
  if (known?.size === 0) sets.delete(key)
}
