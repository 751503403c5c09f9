/**
 * Statements that try everything the gate allows with the largest values: one for each signature of the
 * allowed functions, operators and casts on the running server.
 */
import type { Client } from 'pg'
import { LARGE_VALUES, POLYMORPHS } from './large-values'

/** A call with open operands. */
export type Trial = {
  readonly name: string
  /** The operands' types; each has a table of large values. */
  readonly types: readonly string[]
  readonly write: (operands: readonly string[]) => string
  /** Whether it is an aggregate or window function, which reads many rows itself. */
  readonly overRows: boolean
}

export function tableOf(type: string): string {
  return `big_${type
    .replace(/^public\./, '')
    .replace('[]', 's')
    .replace('"char"', 'one_byte')}`
}

/** @param bytes approximate size of a value */
export async function createLargeValues(client: Client, bytes: number): Promise<void> {
  await client.query(`
    create type public.level as enum ('low', 'middle', 'high');
    create type public.pair as (a text, b int);`)
  for (const [type, values] of Object.entries(LARGE_VALUES)) {
    // A tsquery of more than 8 kB can be computed but not stored.
    const isStored = type !== 'tsquery'
    const table = isStored ? tableOf(type) : `${tableOf(type)}_source`
    await client.query(`create table ${table} (v ${isStored ? type : 'text'}, i serial)`)
    for (const value of values) {
      const select = value.replace(/(?<!:):n\b/g, String(bytes))
      await client.query(`insert into ${table} (v) select ${select}`)
    }
    if (!isStored) {
      await client.query(
        `create view ${tableOf(type)} as select v::${type}, i from ${table} offset 0`,
      )
    }
  }
}

export async function allTrials(client: Client, functions: ReadonlySet<string>): Promise<Trial[]> {
  return [
    ...(await functionTrials(client, functions)),
    ...(await operatorTrials(client)),
    ...(await castTrials(client)),
  ]
}

const TYPE_NAME = `(select case
    when e.oid is not null then e.typname || '[]'
    when t.typname = 'char' then '"char"'
    else t.typname end
  from pg_type t left join pg_type e on e.oid = t.typelem and t.typcategory = 'A'
  where t.oid = `

async function functionTrials(client: Client, allowed: ReadonlySet<string>): Promise<Trial[]> {
  const { rows } = await client.query<{
    name: string
    kind: string
    types: string[]
    variadic: boolean
    aggkind: string | null
    direct: number | null
  }>(
    `select p.proname as name, p.prokind as kind, p.provariadic <> 0 as variadic, a.aggkind,
       a.aggnumdirectargs as direct,
       array(select ${TYPE_NAME} x.type) from unnest(p.proargtypes) with ordinality x (type, i) order by i)::text[] as types
     from pg_proc p left join pg_aggregate a on a.aggfnoid = p.oid
     where p.pronamespace = 'pg_catalog'::regnamespace and p.proname = any($1)
     order by p.proname, p.oid`,
    [[...allowed]],
  )
  return rows.flatMap(({ name, kind, types, variadic, aggkind, direct }) =>
    concrete(types).map((operands): Trial => {
      const label = `${name}(${operands.join(', ')})`
      const isOrdered = aggkind === 'o' || aggkind === 'h'
      const write = (o: readonly string[]) => {
        const quoted = `"${name}"`
        if (isOrdered) {
          const n = direct ?? 0
          return `${quoted}(${o
            .slice(0, n)
            .map((v) => `min(${v})`)
            .join()}) within group (order by ${o.slice(n).join()})`
        }
        const args = o.map((v, i) => (variadic && i === o.length - 1 ? `variadic ${v}` : v)).join()
        if (kind === 'w') return `${quoted}(${args}) over (order by 1)`
        if (kind === 'a' && o.length === 0) return `${quoted}(*)`
        return `${quoted}(${args})`
      }
      return { name: label, types: operands, write, overRows: kind === 'a' }
    }),
  )
}

async function operatorTrials(client: Client): Promise<Trial[]> {
  const { rows } = await client.query<{ name: string; types: string[] }>(
    `select o.oprname as name,
       array(select ${TYPE_NAME} x.type) from unnest(array[o.oprleft, o.oprright]) with ordinality x (type, i) where x.type <> 0 order by i)::text[] as types
     from pg_operator o where o.oprnamespace = 'pg_catalog'::regnamespace order by o.oprname, o.oid`,
  )
  return rows.flatMap(({ name, types }) =>
    concrete(types).map((operands): Trial => ({
      name: operands.length === 1 ? `${name} ${operands[0] ?? ''}` : operands.join(` ${name} `),
      types: operands,
      write: ([left = '', right]) =>
        right === undefined ? `(${name} ${left})` : `(${left} ${name} ${right})`,
      overRows: false,
    })),
  )
}

async function castTrials(client: Client): Promise<Trial[]> {
  const { rows } = await client.query<{ source: string; target: string }>(
    `select ${TYPE_NAME} c.castsource) as source, ${TYPE_NAME} c.casttarget) as target from pg_cast c`,
  )
  const types = Object.keys(LARGE_VALUES)
  const pairs = [
    ...rows.map(({ source, target }) => [source, target] as const),
    // Every type is converted from text and to text.
    ...types.map((type) => ['text', type] as const),
    ...types.map((type) => [type, 'text'] as const),
  ]
  const known = pairs.filter(([s, t]) => LARGE_VALUES[s] && LARGE_VALUES[t])
  const casts = known.map(([source, target]): Trial => ({
    name: `${source}::${target}`,
    types: [source],
    write: ([value = '']) => `cast(${value} as ${target})`,
    overRows: false,
  }))
  const roundTrips = types.map((type): Trial => ({
    name: `${type}::text::${type}`,
    types: [type],
    write: ([value = '']) => `cast(cast(${value} as text) as ${type})`,
    overRows: false,
  }))
  return [...casts, ...roundTrips]
}

/** The types themselves, or each replacement of polymorphic ones; empty if a type has no values. */
function concrete(types: readonly string[]): readonly (readonly string[])[] {
  const ways = POLYMORPHS.map((poly) => types.map((type) => poly[type] ?? type))
  const distinct = new Map(ways.map((way) => [way.join(), way]))
  return [...distinct.values()].filter((way) => way.every((type) => LARGE_VALUES[type]))
}
