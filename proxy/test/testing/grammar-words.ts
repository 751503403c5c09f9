/** The vocabulary of hostile SQL: harmless, harmful, and misleading words. */

const list = (text: string) => text.trim().split(/\s*\n\s*/)
const words = (text: string) => text.trim().split(/\s+/)

export const COLUMNS = words('id user_id task is_complete inserted_at t.task t.user_id')

export const LITERALS = list(`
  'alice'
  'bob'
  'a'
  ''
  '%'
  'alice%'
  E'\\x61lice'
  U&'\\0061lice'
  $$alice$$
  $q$it's$q$
  N'x'
  0
  1
  -1
  42
  1e3
  null
  true
  false
  '1'::text
  $1
  $2::text
  now()
  auth.user_id()
  (select auth.user_id())
  current_user
  array['alice','bob']
`)

/** Functions of one text. */
export const FUNCTIONS = words(`
  length upper lower md5 reverse to_json quote_literal ascii initcap btrim char_length octet_length
  to_tsvector plainto_tsquery pg_catalog.lower num_nulls
`)

export const AGGREGATES = words('count max min array_agg json_agg any_value bool_or')

/** Refused by the gate; without it refused by the roles, or harmless. */
export const HOSTILE_CALLS = list(`
  set_config('auth.session_token', '', true)
  query_to_xml('select * from todos', true, true, '')
  table_to_xml('todos', true, true, '')
  ts_stat('select to_tsvector(task) from todos')
  current_setting('auth.session_token', true)
  pg_read_file('PG_VERSION')
  pg_sleep(0)
  pg_backend_pid()
  pg_advisory_lock_shared(1)
  pg_notify('a', 'b')
  pg_stat_get_activity(null)
  pg_prepared_statement()
  lo_create(0)
  lastval()
  dblink('', '')
  private.harden()
`)

export const TYPES = words(`
  text int json jsonb uuid timestamptz bytea date regclass inet text[] char(3) todos
`)

export const OPERATORS = list(`
  =
  <>
  <
  >=
  ||
  ~
  ~*
  like
  ilike
  not like
  similar to
  is distinct from
  +
  /
  %
  @@
  ->>
  ^@
`)

export const SPACES = [' ', ' ', ' ', '\n', '/**/', '/* a /* b */ */', ' -- x\n', '\t']

export const SOURCES = list(`
  todos t
  todos t
  public.todos t
  only todos t
  "todos" t
  U&"t\\006fdos" t
  (table todos) t
  (select * from todos offset 0) t
  todos t cross join todos u(a, b, c, d, e)
  todos t left join (values (1)) v(n) on true
  lateral (select * from todos) t
`)

export const HOSTILE_SOURCES = list(`
  pg_stats t
  private.session_keys t
  pg_stat_activity t
  pg_prepared_statements t
  pg_temp.todos t
  information_schema.columns t
`)

/** Kinds of statements that the gate refuses. */
export const COMMANDS = list(`
  reset role
  set role none
  set local role authenticator
  set auth.session_token = 'forged'
  set row_security = off
  set search_path = pg_temp, public
  explain analyze select * from todos
  copy todos to stdout
  prepare p as select * from todos
  declare c cursor with hold for select * from todos
  listen x
  begin
  drop owned by current_user
  create temp table todos (task text)
  alter table todos disable row level security
`)
