/** The names that users may use in SQL, as Postgres itself decides it: by table, by column, and by what is done with it. */
import type { Client } from 'pg'
import { names, type Names } from './api'

const PRIVILEGES = ['select', 'insert', 'update'] as const

const columnsFor = (privilege: string) => `
  array(
    select a.attname from pg_attribute as a
    where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
      and has_column_privilege('authenticated', c.oid, a.attnum, '${privilege}')
    order by a.attnum)`

const NAMES = `
  select
    (select json_object_agg(c.relname, json_build_object(${PRIVILEGES.map(
      (privilege) => `'${privilege}', ${columnsFor(privilege)}`,
    ).join()}) order by c.relname)
      from pg_class as c
      where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'v')
        and has_any_column_privilege('authenticated', c.oid, 'select, insert, update')) as tables,
    array(
      select distinct p.proname || '()' from pg_proc as p
      where p.pronamespace = 'auth'::regnamespace and p.prokind = 'f' and p.pronargs = 0
        and has_function_privilege('authenticated', p.oid, 'execute')
      order by 1) as auth`

/** @param client of a database with the app's tables */
export async function readNames(client: Client): Promise<Names> {
  const { rows } = await client.query<Record<string, unknown>>(NAMES)
  return names.parse(rows[0])
}
