/** No function gives users others' rights, and no built-in function lets them do harm. */
import { enumerate, unsafe, type Check } from './check'
import { text, textArray } from './database'

const GROUP = 'Functions'

export const definerCheck: Check = {
  name: 'definer-search-path',
  group: GROUP,
  good: 'every SECURITY DEFINER function that users may call has a pinned search_path',
  run: async ({ database, roles }) => {
    const rows = await database.query(
      `select string_agg(distinct r.rolname, ' ') as roles, p.oid::pg_catalog.regprocedure::text as name
       from pg_catalog.pg_proc as p
       join pg_catalog.pg_namespace as n on n.oid = p.pronamespace
       join pg_catalog.pg_roles as r on r.rolname = any ($1::text[])
       where p.prosecdef and n.nspname <> 'information_schema' and n.nspname !~ '^pg_'
         and pg_catalog.has_schema_privilege(r.oid, n.oid, 'usage')
         and pg_catalog.has_function_privilege(r.oid, p.oid, 'execute')
         and not exists (
           select from pg_catalog.unnest(p.proconfig) as setting where setting like 'search\\_path=%')
       group by p.oid order by 2`,
      [textArray(roles)],
    )
    return rows.map((row) =>
      unsafe(
        `${enumerate(text(row, 'roles').split(' '))} may call ${text(row, 'name')}, which is SECURITY DEFINER without a search_path of its own: its names can be taken over`,
        `ALTER ROUTINE ${text(row, 'name')} SET search_path = ''; -- and write every name in it with its schema`,
      ),
    )
  },
}

/** The functions that the migration revokes from PUBLIC, grouped by reason. */
const DANGEROUS: readonly (readonly [pattern: string, why: string])[] = [
  ['set_config', 'changes settings: time limits, search_path, the role'],
  ['pg_sleep(_for|_until)?', 'holds a connection'],
  ['pg_(cancel|terminate)_backend', 'ends other people’s queries'],
  ['pg_(try_)?advisory_.*', 'takes locks that outlive the request'],
  ['pg_notify|pg_logical_emit_message', 'talks to other sessions, fills the log'],
  ['(query|table|schema|database|cursor)_to_xml.*', 'runs or reads what its text says'],
  ['ts_stat|ts_rewrite|dblink.*', 'runs what its text says'],
  ['lo_.*|loread|lowrite', 'uses storage without an owner’s policies'],
  ['pg_export_snapshot|setseed', 'leaves state that a reset does not take away'],
  ['pg_log_backend_memory_contexts|pg_current_logfile', 'writes or finds the server’s log'],
  ['pg_read_.*|pg_ls_.*|pg_stat_file', 'reads the server’s files'],
  ['pg_prepared_statement|pg_cursor|pg_listening_channels', 'shows who used the session before'],
  ['pg_stat_get_.*|pg_lock_status|pg_blocking_pids', 'shows what others do, and how busy they are'],
  [
    'pg_(total_)?relation_size|pg_table_size|pg_indexes_size|pg_database_size',
    'tells how much others keep',
  ],
]

/** The most names to list in a finding. */
const MAX_SHOWN = 8

export const publicFunctionsCheck: Check = {
  name: 'public-functions',
  group: GROUP,
  good: 'users may call no harmful built-in function (set_config, pg_sleep, query_to_xml …)',
  run: async ({ database, roles }) => {
    const rows = await database.query(
      `select d.ordinality, d.why, string_agg(distinct p.proname, ' ') as names,
         string_agg(distinct p.oid::pg_catalog.regprocedure::text, ', ') as signatures
       from unnest($2::text[], $3::text[]) with ordinality as d (pattern, why)
       join pg_catalog.pg_proc as p on p.proname ~ ('^(' || d.pattern || ')$')
       join pg_catalog.pg_roles as r on r.rolname = any ($1::text[])
       where p.provolatile <> 'i' and p.prorettype <> 'pg_catalog.trigger'::pg_catalog.regtype
         and (p.pronamespace = 'pg_catalog'::pg_catalog.regnamespace or p.proname ~ '^dblink')
         and pg_catalog.has_schema_privilege(r.oid, p.pronamespace, 'usage')
         and pg_catalog.has_function_privilege(r.oid, p.oid, 'execute')
       group by 1, 2 order by 1`,
      [
        textArray(roles),
        textArray(DANGEROUS.map(([pattern]) => pattern)),
        textArray(DANGEROUS.map(([, why]) => why)),
      ],
    )
    return rows.map((row) => {
      const names = text(row, 'names').split(' ')
      const shown = names.length > MAX_SHOWN ? [...names.slice(0, MAX_SHOWN), '…'] : names
      return unsafe(
        `users may call ${enumerate(shown)} (${text(row, 'why')}); only the statement gate keeps them from it`,
        names.length > MAX_SHOWN
          ? 'Run `npm run db:migrate` as a superuser. Where nobody is one: npm run proxy:check -- --accept public-functions'
          : `REVOKE EXECUTE ON FUNCTION ${text(row, 'signatures')} FROM PUBLIC, ${roles.join(', ')}; -- as a superuser, or all at once: npm run db:migrate`,
      )
    })
  },
}

export const languageCheck: Check = {
  name: 'do-blocks',
  group: GROUP,
  good: 'users may not run DO blocks',
  run: async ({ database, roles }) => {
    const rows = await database.query(
      `select distinct l.lanname, pg_catalog.quote_ident(l.lanname) as name
       from pg_catalog.pg_language as l
       join pg_catalog.pg_roles as r on r.rolname = any ($1::text[])
       where l.lanpltrusted and l.laninline <> 0
         and pg_catalog.has_language_privilege(r.oid, l.oid, 'usage') order by 1`,
      [textArray(roles)],
    )
    return rows.map((row) =>
      unsafe(
        `users may run DO blocks in ${text(row, 'lanname')}, in which any statement can hide; only the statement gate keeps them from it`,
        `REVOKE USAGE ON LANGUAGE ${text(row, 'name')} FROM PUBLIC; -- functions that are there go on working`,
      ),
    )
  },
}
