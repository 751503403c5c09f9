-- The proxy's own schemas, and who may use them.
--
--   private      keys, counts and functions for the owner alone
--   auth         who is asking: functions with the names and types of Neon's extension pg_session_jwt
--   proxy_check  what `npm run proxy:check` reads, and nothing else does
--   proxy_state  the version of the schema, which the proxy compares in each transaction
--
-- A schema with one of these names that holds something else is not taken over: creating it fails.
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

-- Every role of a request reads it; it holds nothing but random numbers.
grant usage on schema proxy_state to public;

-- The schema of the application's tables.
do $$
begin
  if not has_schema_privilege('authenticated', 'public', 'usage') then
    grant usage on schema public to authenticated;
  end if;
end
$$;

-- Which files of this folder are installed, by the SHA-256 of their text. An unchanged file is not run again.
create table if not exists private.installed_files (
  name text primary key,
  digest text not null check (digest ~ '^[0-9a-f]{64}$'),
  installed_at timestamptz not null default now()
);
revoke all on private.installed_files from public;
