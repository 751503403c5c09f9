/** No index or partition reveals by its size how many rows of other users match its condition. */
import { weak, type Check } from './check'
import { text, textArray } from './database'
import { REACHED } from './relations'

export const sizesCheck: Check = {
  name: 'telling-sizes',
  group: 'Tables',
  good: 'no partial or GIN index and no partition reveals by its size what others have written',
  run: async ({ database, roles }) => {
    const rows = await database.query(
      `with ${REACHED}, partial as (
         select distinct oid, name, relkind from reached where relrowsecurity and may <> '{}'
       )
       select 'index' as kind, partial.name, pg_catalog.format('%I.%I', n.nspname, c.relname) as object,
         case when i.indpred is not null then 'how many rows fit its condition' else 'how many keys it has' end as tells
       from partial
       join pg_catalog.pg_index as i on i.indrelid = partial.oid
       join pg_catalog.pg_class as c on c.oid = i.indexrelid
       join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
       join pg_catalog.pg_am as am on am.oid = c.relam
       where i.indpred is not null or am.amname = 'gin'
       union all
       select 'partitions', partial.name, pg_catalog.pg_get_partkeydef(partial.oid), 'how many rows it has'
       from partial join pg_catalog.pg_partitioned_table as t on t.partrelid = partial.oid
       where t.partstrat in ('l', 'h')
       order by 2, 1, 3`,
      [textArray(roles)],
    )
    return rows.map((row) =>
      row.kind === 'index'
        ? weak(
            `the index ${text(row, 'object')} of ${text(row, 'name')} shows by its size, which plans tell, ${text(row, 'tells')}, those of others included`,
            `If that is a secret: DROP INDEX ${text(row, 'object')}; and index the whole column, after the column that policies compare.`,
            text(row, 'name'),
          )
        : weak(
            `each partition of ${text(row, 'name')} (${text(row, 'object')}) shows by its size, which plans tell, ${text(row, 'tells')}`,
            'Do not partition by tenant or user: by a range of time, or not at all.',
            text(row, 'name'),
          ),
    )
  },
}
