/** The planner has no statistics of values in tables that users see only in part. */
import { unsafe, weak, type Check, type Finding } from './check'
import { text } from './database'

const FUNCTION = 'proxy_check.column_statistics()'
const WHY = 'users can find out values of others from how their own queries are planned'
const MIGRATE = `Run \`npm run db:migrate\` as the table’s owner: it removes them.`

export const statisticsCheck: Check = {
  name: 'statistics',
  group: 'Tables',
  good: 'the planner keeps no values of rows that a user cannot see',
  run: async ({ database }) => {
    const [found] = await database.query(
      `select pg_catalog.has_function_privilege(p.oid, 'execute')
         and pg_catalog.has_schema_privilege(n.oid, 'usage') as may_ask
       from pg_catalog.pg_namespace as n join pg_catalog.pg_proc as p on p.pronamespace = n.oid
       where n.nspname = 'proxy_check' and p.proname = 'column_statistics'`,
    )
    if (found?.may_ask !== 't') {
      return [
        unsafe(
          `it cannot be told whether the planner keeps values of rows that a user may not see: the login role cannot call ${FUNCTION}`,
          'Run `npm run db:migrate`, which makes that function and lets authenticator call it.',
        ),
      ]
    }
    const rows = await database.query(
      `select relation_name as table,
         pg_catalog.string_agg(name, ', ' order by name) filter (where is_stored) as stored,
         pg_catalog.string_agg(name, ', ' order by name) filter (where is_gathered and is_stored is not true) as gathered,
         pg_catalog.bool_or(is_stored is null) as is_hidden
       from ${FUNCTION} where is_gathered or is_stored is distinct from false
       group by 1 order by 1`,
    )
    return rows.flatMap((row): Finding[] => [
      ...(row.stored === null
        ? []
        : [unsafe(`the planner keeps values of ${text(row, 'stored')}: ${WHY}`, MIGRATE)]),
      ...(row.gathered === null
        ? []
        : [
            unsafe(
              `the next ANALYZE keeps values of ${text(row, 'gathered')}: then ${WHY}`,
              `Run \`npm run db:migrate\` as the table’s owner: it sets their statistics targets to 0.`,
            ),
          ]),
      ...(row.is_hidden === 't'
        ? [
            weak(
              `it cannot be seen whether the planner keeps values of ${text(row, 'table')}: it has FORCE ROW LEVEL SECURITY, or another owner than ${FUNCTION}`,
              `${MIGRATE} A superuser who runs ALTER FUNCTION ${FUNCTION} OWNER TO CURRENT_USER makes them visible to this check.`,
            ),
          ]
        : []),
    ])
  },
}
