/** A table whose isolation is to be proven: its names as SQL, and rows to fill it with. */
import { getTableColumns, is, SQL } from 'drizzle-orm'
import { getTableConfig, type PgColumn, type PgTable } from 'drizzle-orm/pg-core'
import { escapeIdentifier, escapeLiteral } from 'pg'
import { qualified, textOf } from '../declared'

export const COMMANDS = ['select', 'insert', 'update', 'delete'] as const
export type Command = (typeof COMMANDS)[number]

/** @template Values what can be inserted into the table */
export type Isolated<Values extends Readonly<Record<string, unknown>>> = {
  /** As `db/schema` declares it. */
  readonly table: PgTable & { readonly $inferInsert: Values }
  /** The column with the id of the user whose row it is. */
  readonly owner: PgColumn
  /**
   * What the nth row holds in its other columns. Columns that it leaves out get their default, or a
   * value made up by their type.
   */
  readonly row?: (n: number) => Partial<Values>
  /** SQL to run first as the table's owner, such as an INSERT of what `row` refers to. */
  readonly given?: string
  /** What users may do with rows of their own; left out, what `authenticated` is granted. */
  readonly commands?: readonly Command[]
}

/** Values as SQL, by the column's name as SQL. */
export type Row = ReadonlyMap<string, string>

export type Subject = {
  /** As SQL, and as messages call it. */
  readonly name: string
  readonly schema: string
  readonly table: string
  readonly columns: readonly string[]
  readonly owner: string
  /** Ids of the right type; Carol has no row. */
  readonly people: Readonly<Record<Person, string>>
  /** Unique columns; none if the table has no such. */
  readonly key: readonly string[]
  /** One user has one row at most. */
  readonly oneEach: boolean
  /** Postgres assigns the key, and an INSERT must insist on its own. */
  readonly hasAssignedKey: boolean
  /** The column that harmless updates set. */
  readonly free: string
  readonly row: (person: Person, n: number) => Row
  readonly given: string
  readonly commands: readonly Command[] | null
}

export type Person = 'alice' | 'bob' | 'carol'

const TEXT_IDS = { alice: 'user_alice', bob: 'user_bob', carol: 'user_carol' }
const UUIDS = {
  alice: 'a11ce000-0000-4000-8000-00000000000a',
  bob: 'b0b00000-0000-4000-8000-00000000000b',
  carol: 'ca101000-0000-4000-8000-00000000000c',
}

export function subjectOf<Values extends Readonly<Record<string, unknown>>>(
  isolated: Isolated<Values>,
): Subject {
  const { table, owner, row, given = '', commands = null } = isolated
  const { schema = 'public', name, columns, primaryKeys, uniqueConstraints } = getTableConfig(table)
  const keys: (readonly { readonly name: string }[])[] = [
    ...columns.filter(({ primary }) => primary).map((column) => [column]),
    ...primaryKeys.map((key) => key.columns),
    ...columns.filter(({ isUnique }) => isUnique).map((column) => [column]),
    ...uniqueConstraints.map((constraint) => constraint.columns),
  ]
  const names = keys.map((key) => key.map((column) => escapeIdentifier(column.name)))
  const key = names[0] ?? []
  const ownerName = escapeIdentifier(owner.name)
  const all = columns.map((column) => escapeIdentifier(column.name))
  const people = owner.getSQLType() === 'uuid' ? UUIDS : TEXT_IDS
  const isGenerated = (column: PgColumn) => column.generated !== undefined
  const isFree = (column: PgColumn) =>
    !isGenerated(column) && ![ownerName, ...names.flat()].includes(escapeIdentifier(column.name))

  return {
    name: qualified(schema, name),
    schema,
    table: name,
    columns: all,
    owner: ownerName,
    people,
    key,
    oneEach: names.some((unique) => unique.join() === ownerName),
    hasAssignedKey: columns.some(
      (column) => column.primary && column.generatedIdentity?.type === 'always',
    ),
    free: escapeIdentifier((columns.find(isFree) ?? owner).name),
    given,
    commands,
    row: (person, n) => {
      const chosen: Readonly<Record<string, unknown>> = row?.(n) ?? {}
      const values = new Map<string, string>()
      for (const [property, column] of Object.entries(getTableColumns(table))) {
        const value = chosen[property]
        const isNeeded = column.notNull && !column.hasDefault && !isGenerated(column)
        if (column.name === owner.name) values.set(ownerName, escapeLiteral(people[person]))
        else if (value !== undefined)
          values.set(escapeIdentifier(column.name), literal(column, value))
        else if (isNeeded) values.set(escapeIdentifier(column.name), madeUp(column, person, n))
      }
      return values
    },
  }
}

function literal(column: PgColumn, value: unknown): string {
  if (is(value, SQL)) return textOf(value)
  if (value === null) return 'null'
  const mapped: unknown = column.mapToDriverValue(value)
  return escapeLiteral(typeof mapped === 'string' ? mapped : JSON.stringify(mapped))
}

/** A value of the column's type, which tells whose row it is where the type can. */
function madeUp(column: PgColumn, person: Person, n: number): string {
  const type = column.getSQLType()
  const [first] = column.enumValues ?? []
  if (first !== undefined) return escapeLiteral(first)
  const value = MADE_UP.find(([types]) => types.test(type))?.[1](person, n)
  if (value !== undefined) return escapeLiteral(value)
  throw new Error(
    `The proof cannot make up a value for the column ${column.name} (${type}): return one from row().`,
  )
}

const MADE_UP: readonly [types: RegExp, value: (person: Person, n: number) => string][] = [
  [/\[\d*\]$/, () => '{}'],
  [/^(text|varchar|char|citext)/, (person, n) => `${person} ${n}`],
  [/^(smallint|integer|bigint|numeric|real|double)/, (_, n) => String(n)],
  [/^boolean/, () => 'false'],
  [/^uuid/, (_, n) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`],
  [/^(timestamp|date)/, (_, n) => `2026-01-${String(n).padStart(2, '0')}`],
  [/^time/, () => '09:00'],
  [/^interval/, () => '1 hour'],
  [/^json/, (person, n) => JSON.stringify({ [person]: n })],
]
