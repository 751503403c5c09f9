/** New tables are closed by default. */
import { weak, type Check } from './check'
import { text, textArray } from './database'

const KINDS: Readonly<Record<string, string>> = { r: 'TABLES', S: 'SEQUENCES' }

export const defaultGrantsCheck: Check = {
  name: 'default-grants',
  group: 'Tables',
  good: 'new tables are closed to users until they are opened',
  run: async ({ database, roles }) => {
    const rows = await database.query(
      `select pg_catalog.quote_ident(maker.rolname) as maker, d.defaclobjtype as kind,
         coalesce(pg_catalog.quote_ident(r.rolname), 'PUBLIC') as role,
         case when n.oid is not null then ' IN SCHEMA ' || pg_catalog.quote_ident(n.nspname) else '' end as place
       from pg_catalog.pg_default_acl as d
       cross join pg_catalog.aclexplode(d.defaclacl) as a
       join pg_catalog.pg_roles as maker on maker.oid = d.defaclrole
       left join pg_catalog.pg_namespace as n on n.oid = d.defaclnamespace
       left join pg_catalog.pg_roles as r on r.oid = a.grantee
       where d.defaclobjtype in ('r', 'S') and (a.grantee = 0 or r.rolname = any ($1::text[]))
       group by 1, 2, 3, 4 order by 1, 2, 3, 4`,
      [textArray(roles)],
    )
    return rows.map((row) => {
      const kind = KINDS[text(row, 'kind')] ?? 'TABLES'
      const [maker, role, place] = [text(row, 'maker'), text(row, 'role'), text(row, 'place')]
      return weak(
        `the ${kind.toLowerCase()} that ${maker} makes from now on${place.toLowerCase()} are open to ${role} as they are made, before they have row-level security`,
        `ALTER DEFAULT PRIVILEGES FOR ROLE ${maker}${place} REVOKE ALL ON ${kind} FROM ${role};`,
      )
    })
  },
}
