/** Attacks on the role: to become another, to own something, to change the rules. */
import type { Attack } from './attack'

const read = 'select * from memos'

export const ROLES: readonly Attack[] = [
  [['reset role', read], '42501'],
  [['set role none', read], '42501'],
  [['set local role authenticator', read], '42501'],
  [['set role anonymous', read], '42501'],
  [['set role postgres', read], '42501'],
  [['set role pg_read_all_data', read], '42501'],
  [['set session authorization default', read], '42501'],
  [['set session authorization postgres', read], '42501'],
  [['set session authorization authenticated', read], '42501'],
  [['commit', read], '42501'],
  [['rollback', read], '42501'],
  [['commit', 'begin', `set local role authenticated`, read], 'harmless'],
  [['savepoint s', 'rollback to s', read], 'harmless'],
]

export const RULES: readonly Attack[] = [
  [[`set local row_security = off`, read], '42501'],
  [[`set local session_replication_role = replica`, read], '42501'],
  // It cannot log in, so its password opens nothing and its settings are never read.
  [`alter role authenticated password 'mine'`, 'happens'],
  [`alter role authenticated set search_path = mine`, 'happens'],
  [`alter role authenticator password 'mine'`, '42501'],
  [`alter role authenticator set search_path = mine`, '42501'],
  [`alter role authenticated login superuser bypassrls`, '42501'],
  [['reset role', `alter role authenticated password 'mine'`], '42501'],
  // So it could change its password, and settings that the proxy does not send at login.
  [['reset role', `alter role authenticator set application_name = 'mine'`], 'happens'],
  [['reset role', `alter role authenticator set row_security = off`], 'happens'],
  [['reset role', `alter role authenticator reset row_security`], 'happens'],
  [['reset role', `alter role authenticator reset application_name`], 'happens'],
  [['reset role', 'grant authenticated to postgres'], '42501'],
  [`grant select on memos to public`, '42501'],
  [`alter table memos disable row level security`, '42501'],
  [`alter table memos owner to authenticated`, '42501'],
  [`drop policy "users see their own memos" on memos`, '42501'],
  [`create policy mine on memos using (true)`, '42501'],
  [`truncate memos`, '42501'],
  [`truncate memos cascade`, '42501'],
  [`select * from private.session_keys`, '42501'],
  [`table private.session_keys`, '42501'],
  [`select private.harden()`, '42501'],
  [`select null::private.session_keys`, '42501'],
]
