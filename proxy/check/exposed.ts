/** Every relation that request roles can reach is under row-level security. */
import { ANONYMOUS, enumerate, unsafe, weak, type Check, type Subject } from './check'
import { text, textArray, type Row } from './database'
import { REACHED } from './relations'

const GROUP = 'Tables'

async function reached({ database, roles }: Subject, condition: string): Promise<readonly Row[]> {
  return database.query(
    `with ${REACHED}
     select role, role_name, name, pg_catalog.array_to_string(may, ' ') as may, oid::text
     from reached where ${condition} order by name, role`,
    [textArray(roles)],
  )
}

const commands = (row: Row) => enumerate(text(row, 'may').split(' '))
const revoke = (row: Row) =>
  `REVOKE ALL ON ${text(row, 'name')} FROM ${text(row, 'role_name')}, PUBLIC;`

export const rlsCheck: Check = {
  name: 'rls',
  group: GROUP,
  good: 'every table and partition that users can reach has row-level security',
  run: async (subject) =>
    (await reached(subject, `relkind in ('r', 'p') and may <> '{}' and not relrowsecurity`)).map(
      (row) =>
        unsafe(
          `${text(row, 'role')} has ${commands(row)} on ${text(row, 'name')}, which has no row-level security: every row is open`,
          `ALTER TABLE ${text(row, 'name')} ENABLE ROW LEVEL SECURITY;`,
          text(row, 'name'),
        ),
    ),
}

export const noRlsPossibleCheck: Check = {
  name: 'rls-impossible',
  group: GROUP,
  good: 'users can reach no materialized view and no foreign table (they cannot have policies)',
  run: async (subject) =>
    (await reached(subject, `relkind in ('m', 'f') and may <> '{}'`)).map((row) =>
      unsafe(
        `${text(row, 'role')} has ${commands(row)} on ${text(row, 'name')}, a materialized view or foreign table, which cannot have row-level security`,
        revoke(row),
        text(row, 'name'),
      ),
    ),
}

export const viewCheck: Check = {
  name: 'views',
  group: GROUP,
  good: 'every view that users can reach runs with their own rights (security_invoker)',
  run: async (subject) =>
    (
      await reached(
        subject,
        `relkind = 'v' and may <> '{}'
         and not coalesce(reloptions::text[] && array[
           'security_invoker=true', 'security_invoker=on', 'security_invoker=yes', 'security_invoker=1'], false)
         and exists (
           select from pg_catalog.pg_rewrite as w
           join pg_catalog.pg_depend as d on d.classid = 'pg_catalog.pg_rewrite'::pg_catalog.regclass
             and d.objid = w.oid and d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass
           join pg_catalog.pg_class as t on t.oid = d.refobjid and t.oid <> reached.oid
           where w.ev_class = reached.oid)`,
      )
    ).map((row) =>
      unsafe(
        `${text(row, 'role')} has ${commands(row)} on the view ${text(row, 'name')}, which reads its tables with its owner's rights, past their policies`,
        `ALTER VIEW ${text(row, 'name')} SET (security_invoker = true);`,
        text(row, 'name'),
      ),
    ),
}

export const beyondRowsCheck: Check = {
  name: 'beyond-rows',
  group: GROUP,
  good: 'users have no right that policies do not cover (TRUNCATE, TRIGGER, REFERENCES, MAINTAIN)',
  run: async ({ database, roles }) => {
    const rows = await database.query(
      `with ${REACHED}
       select role, role_name, name, string_agg(upper(command), ' ' order by command) as may
       from reached cross join pg_catalog.unnest(array['truncate', 'trigger', 'references']
         -- Lets ANALYZE and, by pg_restore_attribute_stats(), SQL decide about plans; since PostgreSQL 17.
         || case when pg_catalog.current_setting('server_version_num')::int >= 170000
              then array['maintain'] else '{}' end) as command
       where relkind in ('r', 'p', 'f', 'v', 'm')
         and case command
           when 'references' then pg_catalog.has_any_column_privilege(role_oid, oid, command)
           else pg_catalog.has_table_privilege(role_oid, oid, command) end
       group by 1, 2, 3 order by 3, 1`,
      [textArray(roles)],
    )
    return rows.map((row) =>
      unsafe(
        `${text(row, 'role')} has ${commands(row)} on ${text(row, 'name')}, which no policy covers`,
        `REVOKE ${text(row, 'may').split(' ').join(', ')} ON ${text(row, 'name')} FROM ${text(row, 'role_name')}, PUBLIC;`,
        text(row, 'name'),
      ),
    )
  },
}

export const anonymousCheck: Check = {
  name: 'anonymous-writes',
  group: GROUP,
  good: 'nothing is writable by anonymous',
  run: async (subject) =>
    (
      await reached(
        { ...subject, roles: [ANONYMOUS] },
        `may && array['INSERT', 'UPDATE', 'DELETE']`,
      )
    ).map((row) =>
      unsafe(
        `anonymous, which is everybody on the network, has ${commands(row)} on ${text(row, 'name')}`,
        `REVOKE INSERT, UPDATE, DELETE ON ${text(row, 'name')} FROM ${ANONYMOUS}, PUBLIC;`,
        text(row, 'name'),
      ),
    ),
}

/** Recognized by the name of the trigger that private.limit_rows() creates. */
export const quotaCheck: Check = {
  name: 'row-quotas',
  group: GROUP,
  good: 'every table that users can add rows to limits the rows per user',
  run: async (subject) =>
    (
      await reached(
        subject,
        `relkind in ('r', 'p') and 'INSERT' = any (may) and not exists (
           select from pg_catalog.pg_trigger as t
           where t.tgrelid = reached.oid and t.tgname = 'row_quota_insert' and t.tgenabled in ('O', 'A'))`,
      )
    ).map((row) =>
      weak(
        `${text(row, 'role')} may add any number of rows to ${text(row, 'name')}, with one short statement`,
        `Declare rowQuota(…) beside the table in db/schema and run \`npm run db:migrate\`, or SELECT private.limit_rows('${text(row, 'name')}', '<column of the owner>', 10000);`,
        text(row, 'name'),
      ),
    ),
}

export const sequenceCheck: Check = {
  name: 'sequences',
  group: GROUP,
  good: 'users can reach no sequence, whose numbers would reveal how busy others are',
  run: async ({ database, roles }) => {
    const rows = await database.query(
      `select r.rolname as role, pg_catalog.quote_ident(r.rolname) as role_name,
         pg_catalog.format('%I.%I', n.nspname, c.relname) as name,
         pg_catalog.has_sequence_privilege(r.oid, c.oid, 'update') as sets
       from pg_catalog.pg_class as c
       join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
       join pg_catalog.pg_roles as r on r.rolname = any ($1::text[])
       where c.relkind = 'S' and pg_catalog.has_schema_privilege(r.oid, n.oid, 'usage')
         and pg_catalog.has_sequence_privilege(r.oid, c.oid, 'usage, select, update')
       order by 3, 1`,
      [textArray(roles)],
    )
    return rows.map((row) =>
      (row.sets === 't' ? unsafe : weak)(
        row.sets === 't'
          ? `${text(row, 'role')} may set the sequence ${text(row, 'name')} back, and then nobody can insert any more`
          : `${text(row, 'role')} may read and advance the sequence ${text(row, 'name')}, which tells each user how busy the others are`,
        `REVOKE ALL ON SEQUENCE ${text(row, 'name')} FROM ${text(row, 'role_name')}, PUBLIC; -- and use an IDENTITY column or uuids`,
        text(row, 'name'),
      ),
    )
  },
}
