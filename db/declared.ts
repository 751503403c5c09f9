/** Generates the SQL that creates what a Drizzle schema declares. */
import { is, SQL } from 'drizzle-orm'
import {
  getMaterializedViewConfig,
  getTableConfig,
  getViewConfig,
  IndexedColumn,
  PgDialect,
  PgMaterializedView,
  PgRole,
  PgView,
  type Index,
  type PgColumn,
  type PgPolicy,
} from 'drizzle-orm/pg-core'
import { escapeIdentifier, escapeLiteral } from 'pg'

export type Table = ReturnType<typeof getTableConfig>

export function definitions(table: Table): string[] {
  const key = new Set(table.primaryKeys.flatMap(({ columns }) => columns.map(({ name }) => name)))
  return [
    ...table.columns.map((column) =>
      [
        escapeIdentifier(column.name),
        column.getSQLType(),
        column.notNull || column.primary || key.has(column.name) ? 'not null' : '',
        generation(column),
      ].join(' '),
    ),
    ...table.checks.map(
      ({ name, value }) => `constraint ${escapeIdentifier(name)} check (${textOf(value)})`,
    ),
    ...table.columns
      .filter(({ primary }) => primary)
      .map(({ name }) => `primary key (${escapeIdentifier(name)})`),
    ...table.primaryKeys.map(
      (key) => `constraint ${escapeIdentifier(key.getName())} primary key (${list(key.columns)})`,
    ),
    ...table.columns
      .filter(({ isUnique }) => isUnique)
      .map((column) =>
        uniqueness(column.uniqueName, column.uniqueType === 'not distinct', [column]),
      ),
    ...table.uniqueConstraints.map((constraint) =>
      uniqueness(constraint.getName(), constraint.nullsNotDistinct, constraint.columns),
    ),
  ]
}

function uniqueness(name: string | undefined, isNullOne: boolean, columns: Columns): string {
  return `constraint ${escapeIdentifier(name ?? '')} unique${isNullOne ? ' nulls not distinct' : ''} (${list(columns)})`
}

export function createIndex({ config }: Index, { name }: Table, table: string): string {
  const columns = config.columns.map((column) => {
    if (!is(column, IndexedColumn)) return is(column, SQL) ? `(${textOf(column)})` : ''
    const { order, nulls, opClass } = column.indexConfig
    const ordering = isOrdered(config.method) ? `${order ?? 'asc'} nulls ${nulls ?? 'last'}` : ''
    return `${escapeIdentifier(column.name ?? '')} ${opClass ?? ''} ${ordering}`
  })
  // drizzle-kit's default name.
  const named = config.columns.map((column) => (is(column, IndexedColumn) ? column.name : ''))
  return [
    `create ${config.unique ? 'unique ' : ''}index`,
    escapeIdentifier(config.name ?? `${name}_${named.join('_')}_index`),
    `on ${table} using ${config.method ?? 'btree'} (${columns.join(', ')})`,
    config.with === undefined
      ? ''
      : `with (${Object.entries(config.with)
          .map(([key, value]) => `${key} = ${String(value)}`)
          .join(', ')})`,
    config.where === undefined ? '' : `where ${textOf(config.where)}`,
  ].join(' ')
}

/** Same format as `describe` in drift.ts, because a temporary table cannot refer to real ones. */
export function foreignKeysOf(table: Table): [name: string, is: string][] {
  return table.foreignKeys.map((key) => {
    const { columns, foreignColumns, foreignTable } = key.reference()
    const { schema, name } = getTableConfig(foreignTable)
    return [
      // Names end after 63 bytes.
      key.getName().slice(0, 63),
      `foreign key (${bareList(columns)}) references ${qualified(schema, name)} (${bareList(foreignColumns)}) on update ${key.onUpdate ?? 'no action'} on delete ${key.onDelete ?? 'no action'}`,
    ]
  })
}

export type View = {
  readonly name: string
  readonly options: readonly string[]
  readonly query: SQL
}

/** Views that migrations create; excludes those declared as existing. */
export function declaredViews(values: readonly unknown[]): View[] {
  return values.flatMap((value): View[] => {
    if (is(value, PgMaterializedView)) {
      const { schema, name, query } = getMaterializedViewConfig(value)
      return query === undefined ? [] : [{ name: qualified(schema, name), options: [], query }]
    }
    if (!is(value, PgView)) return []
    const { schema, name, query, with: options } = getViewConfig(value)
    if (query === undefined) return []
    const { checkOption, securityBarrier, securityInvoker } = options ?? {}
    return [
      {
        name: qualified(schema, name),
        query,
        options: [
          ...(checkOption === undefined ? [] : [`check_option=${checkOption}`]),
          ...(securityBarrier === undefined ? [] : [`security_barrier=${securityBarrier}`]),
          ...(securityInvoker === undefined ? [] : [`security_invoker=${securityInvoker}`]),
        ],
      },
    ]
  })
}

export const qualified = (schema: string | undefined, name: string) =>
  `${escapeBare(schema ?? 'public')}.${escapeBare(name)}`

type Columns = readonly Pick<PgColumn, 'name'>[]
const list = (columns: Columns) => columns.map(({ name }) => escapeIdentifier(name)).join(', ')
const bareList = (columns: Columns) => columns.map(({ name }) => escapeBare(name)).join(', ')

/** Only B-tree indexes support ASC and NULLS LAST. */
const isOrdered = (method = 'btree') => method === 'btree'

function generation(column: PgColumn): string {
  if (column.generatedIdentity !== undefined) {
    return `generated ${column.generatedIdentity.type === 'always' ? 'always' : 'by default'} as identity`
  }
  if (column.generated !== undefined) {
    const { as } = column.generated
    const expression: unknown = typeof as === 'function' ? (as as () => unknown)() : as
    return `generated always as (${is(expression, SQL) ? textOf(expression) : String(expression)}) stored`
  }
  const value: unknown = column.default
  if (value === undefined) return ''
  if (is(value, SQL)) return `default ${textOf(value)}`
  const plain: unknown = typeof value === 'object' ? column.mapToDriverValue(value) : value
  return `default ${escapeLiteral(typeof plain === 'string' ? plain : JSON.stringify(plain))}`
}

export function createPolicy(policy: PgPolicy, table: string): string {
  const roles: unknown[] = [policy.to ?? 'public'].flat()
  const names = roles.flatMap((role) =>
    is(role, PgRole) ? [role.name] : typeof role === 'string' ? [role] : [],
  )
  return [
    `create policy ${escapeIdentifier(policy.name)} on ${table}`,
    `as ${policy.as ?? 'permissive'} for ${policy.for ?? 'all'}`,
    `to ${names.map((name) => (/^(public|current_user|current_role|session_user)$/i.test(name) ? name : escapeIdentifier(name))).join(', ')}`,
    policy.using === undefined ? '' : `using (${textOf(policy.using)})`,
    policy.withCheck === undefined ? '' : `with check (${textOf(policy.withCheck)})`,
  ].join(' ')
}

const dialect = new PgDialect()

export const textOf = (value: SQL): string => dialect.sqlToQuery(value.inlineParams()).sql

/** Like Postgres' quote_ident() for plain names, as in the other checks. */
export function escapeBare(name: string): string {
  return /^[a-z_][a-z0-9_]*$/.test(name) ? name : escapeIdentifier(name)
}
