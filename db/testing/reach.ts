/** Which relations requests can reach, and whether anything proves whose rows they see there. */
import type { Client } from 'pg'

type Reached = { readonly name: string; readonly writes: boolean }

/**
 * By grants to the roles of requests, to PUBLIC too, for single columns too. A view that asks with the
 * rights of its user is as isolated as its tables.
 */
const REACHED = `
  select format('%I.%I', n.nspname, c.relname) as name,
    bool_or(has_any_column_privilege(role, c.oid, 'insert, update')
      or has_table_privilege(role, c.oid, 'delete, truncate')) as writes
  from pg_class as c
  join pg_namespace as n on n.oid = c.relnamespace
  cross join unnest(array['authenticated', 'anonymous', 'moderator']) as role
  where c.relkind in ('r', 'p', 'v', 'm', 'f')
    and n.nspname <> 'information_schema' and n.nspname !~ '^pg_'
    and has_schema_privilege(role, n.oid, 'usage')
    and (has_any_column_privilege(role, c.oid, 'select, insert, update')
      or has_table_privilege(role, c.oid, 'delete, truncate'))
    and not (c.relkind = 'v' and coalesce(c.reloptions, '{}') && array['security_invoker=true', 'security_invoker=on'])
  group by 1 order by 1`

/**
 * @param proven names of tables with a proof
 * @param shared names of relations whose rows are the same for all, who may not change them
 * @returns a sentence for each relation that is open without a proof
 */
export async function findUnproven(
  client: Pick<Client, 'query'>,
  proven: ReadonlySet<string>,
  shared: Readonly<Record<string, string>>,
): Promise<string[]> {
  const { rows } = await client.query<Reached>(REACHED)
  return rows.flatMap(({ name, writes }) => {
    if (proven.has(name)) return []
    if (!(name in shared)) {
      return [`${name}: users can reach it, and no proveIsolation() says whose rows they see`]
    }
    return writes ? [`${name}: it is shared by all users, and they can write to it`] : []
  })
}
