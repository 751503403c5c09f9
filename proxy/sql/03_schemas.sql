-- The proxy's own schemas, and who may look for a name in them.
--
--   private      keys, counts and functions that are for the owner alone
--   auth         who is asking; functions with the names and types of Neon's extension pg_session_jwt
--   proxy_check  what only `npm run proxy:check` looks into
--   proxy_state  the version of the schema, which the proxy compares in each transaction
--
-- A schema of such a name that holds something else is not taken over: creating it fails.
do $$
begin
  if to_regclass('private.session_keys') is null then
    create schema private;
  end if;
  if to_regprocedure('auth.user_id()') is null then
    create schema auth;
  end if;
  if to_regprocedure('proxy_check.column_statistics()') is null then
    create schema proxy_check;
  end if;
  if to_regclass('proxy_state.schema_version') is null then
    create schema proxy_state;
  end if;
end
$$;

revoke all on schema private from public;
revoke all on schema proxy_check from public;
grant usage on schema auth to authenticated, anonymous, authenticator;
grant usage on schema proxy_check to authenticator;

-- All roles that requests run as read it, and find nothing but random numbers.
grant usage on schema proxy_state to public;

-- Where the application's tables are.
do $$
begin
  if not has_schema_privilege('authenticated', 'public', 'usage') then
    grant usage on schema public to authenticated;
  end if;
end
$$;

-- Which files of this folder are installed, by the SHA-256 of their text. What is as it was is not run again.
create table if not exists private.installed_files (
  name text primary key,
  digest text not null check (digest ~ '^[0-9a-f]{64}$'),
  installed_at timestamptz not null default now()
);
revoke all on private.installed_files from public;
