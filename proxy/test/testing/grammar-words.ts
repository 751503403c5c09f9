/** The vocabulary of hostile SQL: harmless, harmful, and misleading words. */

const list = (text: string) => text.trim().split(/\s*\n\s*/)
const words = (text: string) => text.trim().split(/\s+/)

export const COLUMNS = words('id user_id body is_archived inserted_at t.body t.user_id')

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
  query_to_xml('select * from memos', true, true, '')
  table_to_xml('memos', true, true, '')
  ts_stat('select to_tsvector(body) from memos')
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
  text int json jsonb uuid timestamptz bytea date regclass inet text[] char(3) memos
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
  memos t
  memos t
  public.memos t
  only memos t
  "memos" t
  U&"t\\006fdos" t
  (table memos) t
  (select * from memos offset 0) t
  memos t cross join memos u(a, b, c, d, e)
  memos t left join (values (1)) v(n) on true
  lateral (select * from memos) t
`)

export const HOSTILE_SOURCES = list(`
  pg_stats t
  private.session_keys t
  pg_stat_activity t
  pg_prepared_statements t
  pg_temp.memos t
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
  explain analyze select * from memos
  copy memos to stdout
  prepare p as select * from memos
  declare c cursor with hold for select * from memos
  listen x
  begin
  drop owned by current_user
  create temp table memos (body text)
  alter table memos disable row level security
`)
