/** Faulty databases, each with one fault, and the expected finding. */
import type { Check, Finding } from '../check'
import { createCheck, definitionsCheck, temporaryCheck } from '../creation'
import { defaultGrantsCheck } from '../default-grants'
import * as exposed from '../exposed'
import { definerReachCheck } from '../definers'
import { identityCheck } from '../foreign-identity'
import { sizesCheck } from '../sizes'
import { definerCheck, languageCheck, publicFunctionsCheck } from '../functions'
import { timeoutCheck } from '../identity'
import * as login from '../login-role'
import * as policies from '../policies'
import { schemaWatchCheck } from '../schema-watch'
import { shadowCheck } from '../shadows'
import * as roles from '../request-roles'
import { statisticsCheck } from '../statistics'

export type Bad = {
  readonly what: string
  readonly check: Check
  readonly level: Finding['level']
  /** LOGIN_ROLE and USER_ROLE are replaced by the test's own roles. */
  readonly make: string
  readonly undo: string
  readonly says: RegExp
  readonly fix: RegExp
  /** The oldest major version of Postgres that supports it. */
  readonly since?: number
}

const bad = (
  what: string,
  check: Check,
  make: string,
  undo: string,
  says: RegExp,
  fix: RegExp,
  level: Finding['level'] = 'unsafe',
): Bad => ({ what, check, make, undo, says, fix, level })

/** Conditions that let every row pass. */
function openToAll(conditions: readonly string[]): Bad[] {
  return conditions.map((condition) =>
    bad(
      `a policy that lets everyone read everything: ${condition}`,
      policies.openPolicyCheck,
      `${RLS} alter table notes alter id set not null; ${OPEN} create policy p on notes for select using (${condition})`,
      DROP,
      /the policy p on public\.notes lets authenticated SELECT every row/,
      /USING/,
    ),
  )
}

/** Conditions that are true if a claim is NULL. */
function openToSome(when: string, conditions: readonly string[]): Bad[] {
  return conditions.map((condition) =>
    bad(
      `a policy that lets everyone read everything ${when}: ${condition}`,
      policies.openPolicyCheck,
      `${RLS} alter table notes alter id set not null; ${OPEN} create policy p on notes for select using (${condition})`,
      DROP,
      new RegExp(`the policy p on public\\.notes lets authenticated SELECT every row ${when}`),
      /USING/,
    ),
  )
}

/** Conditions that are the same for all users, next to similar ones that are not. */
function neverAsks(policiesOfNotes: readonly string[]): Bad[] {
  return policiesOfNotes.map((policy) =>
    bad(
      `a policy that never asks who the user is: ${policy}`,
      policies.noUserCheck,
      `${RLS} ${OPEN} create table other (owner text); create view open_view as select * from other;
       create function is_fine(text) returns boolean stable language sql as $$ select $1 <> '' $$;
       create function current_setting_of(text) returns text stable language plpgsql as $$ begin return public.is_fine($1)::text; end $$;
       ${policy}`,
      `${DROP}; drop function current_setting_of(text), is_fine(text); drop table other cascade`,
      /the policy p on public\.notes lets authenticated (SELECT|UPDATE|write) rows and never asks who the user is/,
      /ALTER POLICY p ON public\.notes .*--accept policy-no-user:public\.notes/,
      'weak',
    ),
  )
}

/** The tables below are open to all users unless a case says otherwise. */
export const TABLE = 'create table notes (id int, owner text, team text, flag boolean);'
export const RLS = `${TABLE} alter table notes enable row level security; create index on notes (owner);`
export const OPEN = 'grant select, insert, update, delete on notes to authenticated;'
export const MINE = '(select auth.user_id()) = owner'
export const DROP = 'drop table notes cascade'

const overStatistics = (verb: string, direction: string) => `
  do $$ declare f record; begin
    for f in select oid::regprocedure as name from pg_proc
      where proname ~ '^pg_stat_get_' and provolatile <> 'i'
    loop execute format('${verb} execute on function %s ${direction} authenticated', f.name); end loop;
  end $$`

export const BAD: readonly Bad[] = [
  bad(
    'a login role with BYPASSRLS and CREATEROLE',
    login.loginAttributesCheck,
    'alter role LOGIN_ROLE bypassrls createrole',
    'alter role LOGIN_ROLE nobypassrls nocreaterole',
    /login_\w+ has BYPASSRLS and CREATEROLE/,
    /ALTER ROLE login_\w+ NOBYPASSRLS NOCREATEROLE;/,
  ),
  bad(
    'a login role that inherits',
    login.inheritCheck,
    'alter role LOGIN_ROLE inherit; revoke authenticated from LOGIN_ROLE; grant authenticated to LOGIN_ROLE',
    'alter role LOGIN_ROLE noinherit; revoke authenticated from LOGIN_ROLE; grant authenticated to LOGIN_ROLE',
    /inherits what authenticated may do/,
    /NOINHERIT; REVOKE authenticated FROM login_\w+; GRANT authenticated/,
  ),
  bad(
    'a login role that can become more than users',
    login.membershipCheck,
    'grant pg_read_all_data to LOGIN_ROLE',
    'revoke pg_read_all_data from LOGIN_ROLE',
    /can become pg_read_all_data/,
    /REVOKE pg_read_all_data FROM login_/,
  ),
  bad(
    'a login role that owns a table',
    login.ownsCheck,
    `${TABLE} alter table notes owner to LOGIN_ROLE`,
    DROP,
    /login_\w+ owns 1 object\(s\) \(notes\)/,
    /REASSIGN OWNED BY login_/,
  ),
  bad(
    'a role of requests that owns a table',
    login.ownsCheck,
    `${TABLE} alter table notes owner to USER_ROLE`,
    DROP,
    /role_\w+ owns 1 object/,
    /REASSIGN OWNED BY role_/,
  ),
  bad(
    'a login role that can read a table itself',
    login.readsNothingCheck,
    `${TABLE} grant select (id) on notes to public; grant usage on schema public to LOGIN_ROLE`,
    `${DROP}; revoke usage on schema public from LOGIN_ROLE`,
    /rights on public\.notes itself/,
    /REVOKE ALL ON public\.notes FROM login_\w+, PUBLIC;/,
  ),
  bad(
    'a role that the login role may not become',
    roles.rolesExistCheck,
    'revoke USER_ROLE from LOGIN_ROLE',
    'grant USER_ROLE to LOGIN_ROLE',
    /may not become role_/,
    /GRANT role_\w+ TO login_/,
  ),
  bad(
    'a role of requests with BYPASSRLS',
    roles.roleAttributesCheck,
    'alter role USER_ROLE bypassrls',
    'alter role USER_ROLE nobypassrls',
    /role_\w+ has BYPASSRLS/,
    /ALTER ROLE role_\w+ NOBYPASSRLS;/,
  ),
  bad(
    'a role of requests that can log in',
    roles.roleLoginCheck,
    'alter role USER_ROLE login',
    'alter role USER_ROLE nologin',
    /role_\w+ can log in/,
    /NOLOGIN;/,
  ),
  bad(
    'a role of requests that belongs to another',
    roles.roleMembershipCheck,
    'grant pg_read_all_data to USER_ROLE',
    'revoke pg_read_all_data from USER_ROLE',
    /role_\w+ is a member of pg_read_all_data/,
    /REVOKE pg_read_all_data FROM role_/,
  ),
  bad(
    'a login role without statement_timeout',
    timeoutCheck,
    'alter role LOGIN_ROLE reset statement_timeout',
    `alter role LOGIN_ROLE set statement_timeout = '30s'`,
    /no statement_timeout/,
    /SET statement_timeout = '30s';/,
    'weak',
  ),
  bad(
    'a granted table without row-level security',
    exposed.rlsCheck,
    `${TABLE} grant select, insert on notes to authenticated`,
    DROP,
    /authenticated has SELECT and INSERT on public\.notes, which has no row-level security/,
    /ALTER TABLE public\.notes ENABLE ROW LEVEL SECURITY;/,
  ),
  bad(
    'one granted column of a table without row-level security',
    exposed.rlsCheck,
    `${TABLE} grant select (id) on notes to authenticated`,
    DROP,
    /authenticated has SELECT on public\.notes/,
    /ENABLE ROW LEVEL SECURITY/,
  ),
  bad(
    'a table without row-level security that PUBLIC reaches',
    exposed.rlsCheck,
    `${TABLE} grant select on notes to public`,
    DROP,
    /authenticated has SELECT on public\.notes/,
    /ENABLE ROW LEVEL SECURITY/,
  ),
  bad(
    'a partition without row-level security below a table that has it',
    exposed.rlsCheck,
    `create table notes (id int) partition by range (id); alter table notes enable row level security;
     create table notes_1 partition of notes for values from (0) to (9); grant select on notes_1 to authenticated`,
    DROP,
    /public\.notes_1, which has no row-level security/,
    /ALTER TABLE public\.notes_1/,
  ),
  bad(
    'a materialized view that users reach',
    exposed.noRlsPossibleCheck,
    'create materialized view copied as select * from memos; grant select on copied to authenticated',
    'drop materialized view copied',
    /public\.copied, a materialized view/,
    /REVOKE ALL ON public\.copied FROM authenticated, PUBLIC;/,
  ),
  bad(
    'a foreign table that users reach',
    exposed.noRlsPossibleCheck,
    `create foreign data wrapper nowhere; create server nowhere foreign data wrapper nowhere;
     create foreign table far (id int) server nowhere; grant select on far to authenticated`,
    'drop foreign data wrapper nowhere cascade',
    /public\.far, a materialized view or foreign table/,
    /REVOKE ALL ON public\.far/,
  ),
  bad(
    'a view that reads its table as its owner',
    exposed.viewCheck,
    'create view everything as select * from memos; grant select on everything to authenticated',
    'drop view everything',
    /view public\.everything, which reads its tables with its owner's rights/,
    /ALTER VIEW public\.everything SET \(security_invoker = true\);/,
  ),
  bad(
    'TRUNCATE, which no policy covers',
    exposed.beyondRowsCheck,
    'grant truncate on memos to authenticated',
    'revoke truncate on memos from authenticated',
    /authenticated has TRUNCATE on public\.memos/,
    /REVOKE TRUNCATE ON public\.memos FROM authenticated, PUBLIC;/,
  ),
  {
    ...bad(
      'MAINTAIN, which gathers statistics and can make them up',
      exposed.beyondRowsCheck,
      'grant maintain on memos to authenticated',
      'revoke maintain on memos from authenticated',
      /authenticated has MAINTAIN on public\.memos/,
      /REVOKE MAINTAIN ON public\.memos FROM authenticated, PUBLIC;/,
    ),
    since: 17,
  },
  {
    ...bad(
      'a login role that may gather the statistics of a table',
      login.readsNothingCheck,
      `${TABLE} grant maintain on notes to LOGIN_ROLE; grant usage on schema public to LOGIN_ROLE`,
      `${DROP}; revoke usage on schema public from LOGIN_ROLE`,
      /rights on public\.notes itself/,
      /REVOKE ALL ON public\.notes FROM login_\w+/,
    ),
    since: 17,
  },
  bad(
    'a table that anonymous may write to',
    exposed.anonymousCheck,
    `${RLS} grant usage on schema public to anonymous; grant insert on notes to anonymous;
     create policy p on notes for insert to anonymous with check (owner = 'guest')`,
    `${DROP}; revoke usage on schema public from anonymous`,
    /anonymous, which is everybody on the network, has INSERT on public\.notes/,
    /REVOKE INSERT, UPDATE, DELETE ON public\.notes FROM anonymous, PUBLIC;/,
  ),
  bad(
    'a table that users may fill',
    exposed.quotaCheck,
    `${RLS} grant insert on notes to authenticated`,
    DROP,
    /authenticated may add any number of rows to public\.notes/,
    /private\.limit_rows\('public\.notes'/,
    'weak',
  ),
  bad(
    'a row quota that is switched off',
    exposed.quotaCheck,
    'alter table memos disable trigger row_quota_insert',
    'alter table memos enable trigger row_quota_insert',
    /any number of rows to public\.memos/,
    /limit_rows/,
    'weak',
  ),
  bad(
    'a sequence that users share',
    exposed.sequenceCheck,
    'create sequence numbers; grant usage on sequence numbers to authenticated',
    'drop sequence numbers',
    /may read and advance the sequence public\.numbers/,
    /REVOKE ALL ON SEQUENCE public\.numbers/,
    'weak',
  ),
  bad(
    'a sequence that users may set back',
    exposed.sequenceCheck,
    'create sequence numbers; grant update on sequence numbers to authenticated',
    'drop sequence numbers',
    /may set the sequence public\.numbers back/,
    /REVOKE ALL ON SEQUENCE public\.numbers/,
  ),
  bad(
    'a table made since the last migration, whose values the next ANALYZE keeps',
    statisticsCheck,
    `${RLS} ${OPEN}`,
    DROP,
    /the next ANALYZE keeps values of public\.notes\.flag, .*public\.notes\.team: then users can find out/,
    /npm run db:migrate.* targets to 0/,
  ),
  bad(
    'a column added since, whose values the planner keeps',
    statisticsCheck,
    `alter table memos add column note text;
     insert into memos (user_id, body, note) values ('x', 'x', 'x'); analyze memos`,
    `delete from memos; alter table memos drop column note`,
    /the planner keeps values of public\.memos\.note: users can find out/,
    /npm run db:migrate.* removes them/,
  ),
  bad(
    'a target of 0 that came after the values',
    statisticsCheck,
    `alter table memos alter column body set statistics -1;
     insert into memos (user_id, body) values ('x', 'x'); analyze memos;
     alter table memos alter column body set statistics 0`,
    `delete from memos; select private.harden()`,
    /the planner keeps values of public\.memos\.body: /,
    /npm run db:migrate/,
  ),
  bad(
    'an index over an expression',
    statisticsCheck,
    'create index lowered on memos (lower(body), id)',
    'drop index lowered',
    /values of the expression lower\(body\) of the index public\.lowered/,
    /npm run db:migrate/,
  ),
  bad(
    'extended statistics',
    statisticsCheck,
    `create statistics pairs on user_id, is_archived from memos`,
    'drop statistics pairs',
    /values of the statistics public\.pairs/,
    /npm run db:migrate/,
  ),
  bad(
    'a partition of a table that users reach',
    statisticsCheck,
    `create table notes (id int) partition by range (id); alter table notes enable row level security;
     grant select (id) on notes to USER_ROLE; grant USER_ROLE to authenticator; select private.harden();
     create table notes_1 partition of notes for values from (0) to (9)`,
    `${DROP}; revoke USER_ROLE from authenticator`,
    /values of public\.notes_1\.id/,
    /npm run db:migrate/,
  ),
  bad(
    'a table that users reach through a view alone',
    statisticsCheck,
    `${TABLE} create view mine as select * from notes where ${MINE}; grant select on mine to authenticated`,
    DROP,
    /values of public\.notes\.flag/,
    /npm run db:migrate/,
  ),
  bad(
    'a database of before, which cannot say what the planner keeps',
    statisticsCheck,
    'revoke usage on schema proxy_check from LOGIN_ROLE',
    'grant usage on schema proxy_check to LOGIN_ROLE',
    /cannot be told whether the planner keeps values/,
    /npm run db:migrate/,
  ),
  bad(
    'tables of tomorrow that users may read at once',
    defaultGrantsCheck,
    'alter default privileges in schema public grant select on tables to authenticated',
    'alter default privileges in schema public revoke select on tables from authenticated',
    /the tables that \w+ makes from now on in schema public are open to authenticated/,
    /ALTER DEFAULT PRIVILEGES FOR ROLE \w+ IN SCHEMA public REVOKE ALL ON TABLES FROM authenticated;/,
    'weak',
  ),
  bad(
    'a granted command without a policy',
    policies.missingPolicyCheck,
    `${RLS} grant select, delete on notes to authenticated;
     create policy p on notes for select to authenticated using (${MINE})`,
    DROP,
    /authenticated has DELETE on public\.notes, and no policy/,
    /CREATE POLICY … ON public\.notes FOR DELETE TO authenticated/,
    'weak',
  ),
  bad(
    'a policy that lets everyone write (with check (true))',
    policies.openPolicyCheck,
    `${RLS} ${OPEN} create policy "all in" on notes for insert to authenticated with check (true)`,
    DROP,
    /the policy "all in" on public\.notes lets authenticated write any row/,
    /ALTER POLICY "all in" ON public\.notes WITH CHECK/,
  ),
  bad(
    'a policy for PUBLIC that lets everyone delete, in other words',
    policies.openPolicyCheck,
    `${RLS} ${OPEN} create policy p on notes for delete using (owner = owner or ${MINE})`,
    DROP,
    /lets authenticated DELETE every row/,
    /ALTER POLICY p ON public\.notes USING/,
  ),
  bad(
    'a policy by which one may give rows away',
    policies.openPolicyCheck,
    `${RLS} ${OPEN} create policy p on notes for update using (${MINE}) with check (1 = 1)`,
    DROP,
    /write any row/,
    /WITH CHECK/,
  ),
  bad(
    'a policy that does not look at the row',
    policies.openPolicyCheck,
    `${RLS} ${OPEN} create policy p on notes for update using ((select auth.session() ->> 'plan') = 'paid')`,
    DROP,
    /does not look at the row/,
    /USING/,
    'weak',
  ),
  bad(
    'a policy that lets everyone read everything',
    policies.openPolicyCheck,
    `${RLS} ${OPEN} create policy p on notes for select using (true)`,
    DROP,
    /lets authenticated SELECT every row/,
    /ALTER POLICY p ON public\.notes USING .*--accept policy-open:public\.notes/,
  ),
  ...openToAll([
    'true or owner is null',
    '1 < 2',
    `'a' = 'a'`,
    'not false',
    'not (1 = 2 and flag)',
    '(select true)',
    'exists (select 1)',
    'owner is null or owner is not null',
    'id is not null',
    'id is not distinct from id',
    `owner like '%' and 2 >= 2`,
    '(1 = 1) is true',
    'coalesce(true, flag)',
    'case when flag then true else 1 = 1 end',
    'auth.user_id() is not null',
    '(select auth.session()) is not null',
    'owner = owner',
    `owner >= ''`,
    `not ('' > owner)`,
    'owner in (select owner)',
    `owner = any (array[owner, 'x'])`,
    'length(owner) >= 0',
    '-1 < (select char_length(owner))',
    `coalesce(${MINE}, true) or owner = owner`,
    `${MINE} or id is not null`,
    'coalesce(auth.user_id() is not null, false)',
  ]),
  ...openToSome('when there is no user id', [
    `coalesce(${MINE}, true)`,
    `(${MINE}) is not false`,
    `(${MINE}) is null or ${MINE}`,
    `not coalesce(owner <> (select auth.user_id()), false)`,
    `(owner <> auth.user_id()) is not true`,
    `coalesce(owner in (select auth.user_id()), true)`,
    `coalesce(owner = any (array(select auth.user_id())), true)`,
    'owner = coalesce((select auth.user_id()), owner)',
    'id is distinct from (select auth.user_id())::int',
    '(select auth.user_id()) is null or owner = (select auth.user_id())',
    'case when auth.user_id() is null then true else auth.user_id() = owner end',
    'not exists (select from memos as t where t.user_id = (select auth.user_id()) and t.body = notes.owner)',
    'owner not in (select t.body from memos as t where t.user_id = (select auth.user_id()))',
    `(select coalesce(lower(auth.user_id()) = owner, true))`,
  ]),
  ...openToSome('when their token lacks the claim that it asks for', [
    `coalesce((select auth.session() ->> 'team') = team, true)`,
    `(select auth.session() -> 'app' ->> 'team') is null or (select auth.session() -> 'app' ->> 'team') = team`,
    `((select auth.organization() ->> 'id') = team) is not false and auth.user_id() is not null`,
  ]),
  ...neverAsks(
    [
      'flag',
      `owner like 'a%'`,
      `starts_with(owner, '')`,
      `owner ~ ''`,
      'owner is not null',
      'owner in (select n.owner from other as n)',
      'exists (select from open_view)',
      'is_fine(owner)',
      `team = current_setting_of('a')`,
      `team <> 'auth.user_id()'`,
    ].map((condition) => `create policy p on notes for select using (${condition})`),
  ),
  ...neverAsks([
    'create policy p on notes for select using (true); create policy q on notes as restrictive using (flag)',
    `create policy p on notes for update using (flag) with check (${MINE})`,
    `create policy p on notes for update using (${MINE}) with check (flag)`,
    'create policy p on notes for insert with check (length(owner) < 9)',
  ]),
  bad(
    'a restrictive policy that lets everything through beside an open one',
    policies.openPolicyCheck,
    `${RLS} ${OPEN} create policy p on notes for select using (true);
     create policy q on notes as restrictive using (1 = 1); create policy r on notes as restrictive for delete using (${MINE});
     create policy s on notes as restrictive for select`,
    DROP,
    /the policy p on public\.notes lets authenticated SELECT every row/,
    /USING/,
  ),
  bad(
    'a policy that looks at another table and not at the row',
    policies.openPolicyCheck,
    `${RLS} ${OPEN} create policy p on notes for select using (exists (
       select from memos as t where t.user_id = (select auth.user_id())))`,
    DROP,
    /does not look at the row: a user who passes it may SELECT every row/,
    /USING/,
    'weak',
  ),
  ...(['select', 'update', 'delete', 'all'] as const).map((command) =>
    bad(
      `a policy for ${command} without USING`,
      policies.noConditionCheck,
      `${RLS} ${OPEN} create policy p on notes for ${command} to authenticated`,
      DROP,
      /the policy p on public\.notes has no USING, so .* it lets authenticated see no row/,
      /ALTER POLICY p ON public\.notes USING .*drizzle-kit push/,
    ),
  ),
  bad(
    'a policy for insert without WITH CHECK',
    policies.noConditionCheck,
    `${RLS} ${OPEN} create policy p on notes for insert to authenticated`,
    DROP,
    /has no WITH CHECK, so .* it lets authenticated insert nothing/,
    /WITH CHECK/,
  ),
  bad(
    'a restrictive policy without USING',
    policies.noConditionCheck,
    `${RLS} ${OPEN} create policy p on notes as restrictive for select to authenticated`,
    DROP,
    /has no USING, so it restricts nothing/,
    /USING/,
  ),
  ...[
    [
      `owner = current_setting('request.jwt.claims', true)::json ->> 'sub'`,
      'request\\.jwt\\.claims',
    ],
    [
      `owner = (select current_setting('request.jwt.claim.sub', true))`,
      'request\\.jwt\\.claim\\.sub',
    ],
    [`owner = current_setting('app.user_id')`, 'app\\.user_id'],
    [
      `exists (select from memos where user_id = current_setting('jwt.claims.user_id', true) and body = owner)`,
      'jwt',
    ],
    [`owner = public.who()`, "hasura\\.user'\\) \\(in public\\.inner_who\\(\\)\\)"],
  ].map(([condition, setting]) =>
    bad(
      `a policy that asks what nobody sets: ${condition}`,
      identityCheck,
      `create function inner_who() returns text stable language plpgsql as $$ begin
         return current_setting('hasura.user', true); end $$;
       create function who() returns text language sql stable return inner_who();
       ${RLS} ${OPEN} create policy p on notes for select using (${condition})`,
      `${DROP}; drop function who(); drop function inner_who()`,
      new RegExp(
        `the policy p on public\\.notes asks current_setting\\('${setting}.*never sees a user`,
      ),
      /Write \(select auth\.user_id\(\)\)/,
    ),
  ),
  bad(
    'a default that asks what nobody sets',
    identityCheck,
    `${RLS} ${OPEN} alter table notes alter owner set default current_setting('request.jwt.claims', true)::json ->> 'sub'`,
    DROP,
    /the default of public\.notes\.owner asks current_setting\('request/,
    /auth\.user_id/,
  ),
  bad(
    'a view that asks what nobody sets',
    identityCheck,
    `${RLS} create view v with (security_invoker = true) as select * from notes where owner = current_setting('my.user', true);
     grant select on v to authenticated`,
    DROP,
    /the view public\.v asks current_setting\('my\.user'\)/,
    /auth\.user_id/,
  ),
  ...['owner = current_user', 'owner::name = (select session_user)', 'current_role = owner'].map(
    (condition) =>
      bad(
        `a policy that takes the role for the user: ${condition}`,
        identityCheck,
        `${RLS} ${OPEN} create policy p on notes for select using (${condition})`,
        DROP,
        /compares a column with the current role, which is the same for every user/,
        /auth\.user_id/,
      ),
  ),
  ...[
    'create index i on notes (owner) where flag',
    "create index i on notes using gin (string_to_array(team, ','))",
  ].map((index) =>
    bad(
      `an index whose size tells: ${index}`,
      sizesCheck,
      `${RLS} ${OPEN} ${index}`,
      DROP,
      /the index public\.i of public\.notes shows by its size/,
      /DROP INDEX public\.i;/,
      'weak',
    ),
  ),
  bad(
    'a table with a partition for each tenant',
    sizesCheck,
    `create table notes (id int, team text) partition by list (team); alter table notes enable row level security; ${OPEN}`,
    DROP,
    /each partition of public\.notes \(LIST \(team\)\) shows by its size/,
    /Do not partition by tenant/,
    'weak',
  ),
  bad(
    'a policy that asks for each row who is asking',
    policies.perRowCheck,
    `${RLS} ${OPEN} create policy p on notes for select using (auth.user_id() = owner)`,
    DROP,
    /p on public\.notes calls auth\.user_id\(\) for every row/,
    /\(select auth\.user_id\(\)\)/,
    'weak',
  ),
  bad(
    'a policy whose sub-select holds the comparison too, as drizzle-orm/neon writes it',
    policies.perRowCheck,
    `${RLS} ${OPEN} create policy p on notes for select using ((select auth.user_id() = owner))`,
    DROP,
    /calls auth\.user_id\(\) for every row/,
    /\(select auth\.user_id\(\)\)/,
    'weak',
  ),
  bad(
    'a policy that reads a setting for each row of another table',
    policies.perRowCheck,
    `${RLS} ${OPEN} create policy p on notes for select using (exists (
       select from memos where memos.user_id = notes.owner and current_setting('a.b', true) = 'c'))`,
    DROP,
    /calls current_setting\(\) for every row/,
    /\(select current_setting\(\)\)/,
    'weak',
  ),
  bad(
    'a policy over a column without an index',
    policies.indexCheck,
    `${RLS} ${OPEN} create policy p on notes for select using ((select auth.user_id()) = team)`,
    DROP,
    /p compares public\.notes\.team, and no index begins with that/,
    /CREATE INDEX ON public\.notes \("team"\);/,
    'weak',
  ),
  bad(
    'a policy of two ways in of which one has no index',
    policies.indexCheck,
    `${RLS} ${OPEN} create policy p on notes for select using (${MINE} or team in (select 'a'))`,
    DROP,
    /compares public\.notes\.team/,
    /"team"/,
    'weak',
  ),
  bad(
    'a policy over a column without an index, with a needless sub-select around it',
    policies.indexCheck,
    `${RLS} ${OPEN} create policy p on notes for select using ((select auth.user_id() = team))`,
    DROP,
    /compares public\.notes\.team/,
    /"team"/,
    'weak',
  ),
  bad(
    'an index that holds the column, but not at its beginning',
    policies.indexCheck,
    `${RLS} create index on notes (id, team); ${OPEN}
     create policy p on notes for select using ((select auth.user_id()) = team)`,
    DROP,
    /compares public\.notes\.team/,
    /"team"/,
    'weak',
  ),
  bad(
    'a SECURITY DEFINER function whose search_path is the caller’s',
    definerCheck,
    `create function lookup() returns int language sql security definer return 1`,
    'drop function lookup()',
    /may call lookup\(\), which is SECURITY DEFINER without a search_path/,
    /ALTER ROUTINE lookup\(\) SET search_path = '';/,
  ),
  ...(
    [
      ['language sql return (select count(*) from memos)', 'it reads memos$'],
      [
        `language sql begin atomic insert into notes (owner) select user_id from memos; delete from memos; select 1; end`,
        'it reads memos; it writes memos and notes$',
      ],
      [
        `language sql as 'with t as (update notes set flag = true returning id) select private.refuse_rows(null, 1), count(*) from t'`,
        'it writes notes; it calls private\\.refuse_rows, whose reach was not followed$',
      ],
      [`language sql as 'select $1 + 1'`, 'it names no table$'],
      [
        `language plpgsql as 'begin return 1; end'`,
        'what it reaches is unknown \\(its language is plpgsql\\)$',
      ],
    ] as const
  ).map(([definition, reach]) =>
    bad(
      `a function with its owner’s rights: ${definition}`,
      definerReachCheck,
      `${TABLE} set check_function_bodies = off;
       create function lookup(int) returns bigint security definer set search_path = '' ${definition};
       reset check_function_bodies`,
      `drop function lookup(int); ${DROP}`,
      new RegExp(
        `anonymous, authenticated and role_\\w+ may execute lookup\\(integer\\) with the rights of \\w+, past policies: ${reach}`,
      ),
      /REVOKE EXECUTE ON FUNCTION lookup\(integer\) FROM PUBLIC/,
      'weak',
    ),
  ),
  bad(
    'a function of the owner’s with the name of one of Postgres’ own',
    shadowCheck,
    `create function public.round(text) returns int language sql return 1`,
    'drop function public.round(text)',
    /the function public\.round\(text\) has the name of one of Postgres' own/,
    /name it in PROXY_FUNCTIONS \(public\.round\)/,
  ),
  bad(
    'PUBLIC’s right to change settings',
    publicFunctionsCheck,
    'grant execute on function pg_catalog.set_config(text, text, boolean) to public',
    'revoke execute on function pg_catalog.set_config(text, text, boolean) from public',
    /users may call set_config \(changes settings/,
    /REVOKE EXECUTE ON FUNCTION set_config\(text,text,boolean\) FROM PUBLIC/,
  ),
  bad(
    'PUBLIC’s right to run SQL from a string and to sleep',
    publicFunctionsCheck,
    `grant execute on function pg_catalog.query_to_xml(text, boolean, boolean, text) to public;
     grant execute on function pg_catalog.pg_sleep(double precision) to authenticated`,
    `revoke execute on function pg_catalog.query_to_xml(text, boolean, boolean, text) from public;
     revoke execute on function pg_catalog.pg_sleep(double precision) from authenticated`,
    /pg_sleep|query_to_xml/,
    /REVOKE EXECUTE ON FUNCTION (pg_sleep\(double precision\)|query_to_xml\(text,boolean,boolean,text\))/,
  ),
  bad(
    'a right to more functions than anybody would read',
    publicFunctionsCheck,
    overStatistics('grant', 'to'),
    overStatistics('revoke', 'from'),
    /users may call pg_stat_get_\w+(, pg_stat_get_\w+){7} and …/,
    /db:migrate` as a superuser.*--accept public-functions/,
  ),
  bad(
    'PUBLIC’s right to run DO blocks',
    languageCheck,
    'grant usage on language plpgsql to public',
    'revoke usage on language plpgsql from public',
    /DO blocks in plpgsql/,
    /REVOKE USAGE ON LANGUAGE plpgsql/,
  ),
  bad(
    'PUBLIC’s right to temporary tables',
    temporaryCheck,
    `do $$ begin execute format('grant temporary on database %I to public', current_database()); end $$`,
    `do $$ begin execute format('revoke temporary on database %I from public', current_database()); end $$`,
    /may create temporary tables/,
    /REVOKE TEMPORARY ON DATABASE/,
  ),
  bad(
    'PUBLIC’s right to create in public',
    createCheck,
    'grant create on schema public to public',
    'revoke create on schema public from public',
    /may create objects in the schema public/,
    /REVOKE CREATE ON SCHEMA public FROM PUBLIC/,
  ),
  bad(
    'a database without the event trigger against definitions',
    definitionsCheck,
    'alter event trigger users_define_nothing disable',
    'alter event trigger users_define_nothing enable',
    /no event trigger keeps users from DROP OWNED/,
    /npm run db:migrate/,
    'weak',
  ),
  ...[
    'alter event trigger note_schema_change_sql_drop disable',
    'alter event trigger note_schema_change_ddl_command_end enable',
  ].map((make) =>
    bad(
      `a database without an event trigger that tells of changes: ${make}`,
      schemaWatchCheck,
      make,
      'alter event trigger note_schema_change_sql_drop enable always; alter event trigger note_schema_change_ddl_command_end enable always',
      /^of the schema’s changes the proxy notices migrations only: .* store a wrong value/,
      /db:migrate` as a superuser.*select private\.schema_changed\(\);/,
      'weak',
    ),
  ),
  bad(
    'a database where not even migrations are noticed',
    schemaWatchCheck,
    `alter event trigger note_schema_change_sql_drop disable;
     alter table drizzle.__drizzle_migrations disable trigger note_migration`,
    `alter event trigger note_schema_change_sql_drop enable always;
     alter table drizzle.__drizzle_migrations enable always trigger note_migration`,
    /^no trigger tells the proxy of changes of the schema: /,
    /npm run db:migrate/,
    'weak',
  ),
  bad(
    'a database from before versions of the schema',
    schemaWatchCheck,
    'alter schema proxy_state rename to no_state',
    'alter schema no_state rename to proxy_state',
    /keeps no statement prepared/,
    /npm run db:migrate/,
    'weak',
  ),
]
