/** Attacks on the identity: claims made up in a setting, by function and by SET. */
import { FORGED, type Attack } from './attack'

const forge = `set_config('auth.session_token', '${FORGED}', true)`
const quoted = forge.replaceAll("'", "''")
const read = 'select * from memos'

export const CLAIMS_BY_FUNCTION: readonly Attack[] = [
  [`select ${forge}`, '42501'],
  [`select ${forge}, (select string_agg(body, ',') from memos)`, '42501'],
  [[`select ${forge}`, read], '42501'],
  [`with f as materialized (select ${forge} as x) select * from f, memos`, '42501'],
  [`update memos set body = (select ${forge})`, '42501'],
  [`insert into memos (body) values (${forge})`, '42501'],
  [`delete from memos where ${forge} is null`, '42501'],
  [`select * from memos order by ${forge}`, '42501'],
  [`select * from memos limit (select length(${forge}))`, '42501'],
  [`select count(*) filter (where ${forge} <> '') over (partition by body) from memos`, '42501'],
  [`select * from ${forge} x cross join lateral (select * from memos) t`, '42501'],
  [`select query_to_xml('select ${quoted}', true, true, '')`, '42501'],
  [`select query_to_xmlschema('select ${quoted}', true, true, '')`, '42501'],
  [`select query_to_xml_and_xmlschema('select ${quoted}', true, true, '')`, '42501'],
  [`select table_to_xml('memos', true, true, '')`, '42501'],
  [`select schema_to_xml('private', true, true, '')`, '42501'],
  [`select database_to_xml(true, true, '')`, '42501'],
  [`select cursor_to_xml('c', 1, true, true, '')`, '42501'],
  [[`declare c cursor for ${read}`, `select cursor_to_xml('c', 1, true, true, '')`], '42501'],
  [`select * from ts_stat('select to_tsvector(${quoted})')`, '42501'],
  [`select ts_rewrite('a'::tsquery, 'select ''a''::tsquery, ''b''::tsquery')`, '42501'],
  [`select x.set_config from unnest(array['a']) x`, '42703'],
]

export const CLAIMS_BY_SET: readonly Attack[] = [
  [`set auth.session_token = '${FORGED}'`, 'harmless'],
  [[`set local auth.session_token = '${FORGED}'`, read], '28000'],
  [[`set auth.session_token = '${FORGED}'`, read], '28000'],
  [[`set local auth.session_token = ''`, read], 'harmless'],
  [[`reset auth.session_token`, read], 'harmless'],
  [['discard all', read], '25001'],
  [[`set local request.jwt.claims = '{"sub":"alice"}'`, read], 'harmless'],
  [[`set local "request.jwt.claim.sub" = 'alice'`, read], 'harmless'],
]
