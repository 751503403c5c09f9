-- Who is asking: claims that the proxy has verified, sealed with a key that SQL cannot read.
--
-- A plain setting such as request.jwt.claims would be worthless here: users send SQL, and SQL can
-- change settings. So the proxy seals the claims into the setting auth.session_token, and claims whose
-- seal does not fit are refused:
--
--   kid (8 hex digits), HMAC-SHA256(key, all that follows) (64 hex digits),
--   the Unix time at which the session ends, including 30 s of leeway (11 digits),
--   the length of the subject in characters (4 digits), the subject, the claims (JSON, as signed)
--
-- Every query needs the subject and the end of the session. Both stand before the claims, so no query
-- parses JSON for them; fixed places and plain text take fewer function calls than base64 would. A token of
-- a former format is an error: its claims begin with a brace.
--
-- Text becomes a number or JSON only after the seal was found to fit, and outside the query: the planner
-- knows the token and would convert it earlier, and the error would quote the token.
--
-- The cost of asking for the user is not the hashing. It is setting up expressions, in every transaction,
-- at a few tenths of a microsecond for each function in them. So a valid session takes one query and one
-- condition; everything else runs only where these fail. Measured warm, one transaction a call: 12.5 µs on
-- PostgreSQL 18.
--
-- Functions with the owner's rights have the path `pg_catalog, pg_temp`. With an empty path, a user's
-- temporary type would be found before Postgres' own of the same name, and its checks would run with the
-- owner's rights (manual, CREATE FUNCTION, "Writing SECURITY DEFINER Functions Safely").

-- Only in UTF8 do Postgres and the proxy count the subject's characters alike.
do $$
begin
  if current_setting('server_encoding') <> 'UTF8' then
    raise feature_not_supported using message = format(
      'the database is encoded in %s, and identities need UTF8: create one with ENCODING ''UTF8''',
      current_setting('server_encoding'));
  end if;
end
$$;

-- HMAC (RFC 2104) hashes the key, padded to a block and xored with two constants. Storing these two
-- blocks instead of the key saves every query that work. They are as secret as the key.
create table if not exists private.session_keys (
  kid text primary key check (kid ~ '^[0-9a-f]{8}$'),
  inner_pad bytea not null check (octet_length(inner_pad) = 64),
  outer_pad bytea not null check (octet_length(outer_pad) = 64),
  created_at timestamptz not null default now()
);
revoke all on private.session_keys from public;
comment on table private.session_keys is
  'Keys whose seals auth.session() believes; written by `npm run db:migrate`, read by nobody else.';

-- True when the token's seal fits its claims. Postgres inlines such a body, so there is no call.
--
-- The token starts with this key's id, 8 bytes of ASCII. If the next 64 bytes equal the seal's hexadecimal
-- digits, they are 64 characters as well.
--
-- SQL has no constant-time comparison. Timing a comparison of hashes reveals at most how the hash of the
-- right seal begins, which does not lead to the seal.
create or replace function private.seal_fits(token text, key private.session_keys) returns boolean
language sql stable parallel safe
return sha256(substr(convert_to(token, 'UTF8'), 9, 64))
  = sha256(convert_to(encode(
      sha256(key.outer_pad || sha256(key.inner_pad || substr(convert_to(token, 'UTF8'), 73))), 'hex'
    ), 'UTF8'));
revoke all on function private.seal_fits(text, private.session_keys) from public;

-- Raises an error that says why a token is refused; returns NULL if there is no token.
create or replace function private.refuse_session(token text) returns jsonb
language plpgsql stable parallel safe set search_path = pg_catalog, pg_temp
as $$
declare
  key private.session_keys;
begin
  -- A transaction-local setting leaves '' behind in its session.
  if token is null or token = '' then
    return null;
  end if;

  select * into key from private.session_keys as k where starts_with(token, k.kid);
  if not found then
    raise invalid_authorization_specification
      using message = 'the session is malformed, or sealed with a key that this database does not know',
            hint = 'Run `npm run db:migrate` with the PROXY_SESSION_KEY that the proxy uses.';
  end if;
  if private.seal_fits(token, key) is not true then
    raise invalid_authorization_specification using message = 'the session''s seal does not fit its claims';
  end if;
  raise invalid_authorization_specification using message = 'the session has expired';
end
$$;
revoke all on function private.refuse_session(text) from public;

-- The id of the user who is asking (claim `sub`); NULL without one. A token that does not fit is an
-- error, never NULL: a forgery must not pass for an anonymous request.
--
-- SECURITY DEFINER to read the key. PARALLEL SAFE because it only reads, and parallel workers get the
-- leader's settings. An EXCEPTION block would break that, because it starts a subtransaction. None is
-- needed: after the check of the seal, everything is known to come from the proxy.
create or replace function auth.user_id() returns text
language plpgsql stable parallel safe security definer set search_path = pg_catalog, pg_temp
as $$
declare
  token constant text := current_setting('auth.session_token', true);
  sealed text;
begin
  -- starts_with(), because scanning the table, which has one page, is 1 µs cheaper than its index.
  select substr(token, 73) into sealed
  from private.session_keys as k
  where starts_with(token, k.kid) and private.seal_fits(token, k);

  -- Without a fitting seal this is NULL.
  if to_timestamp(left(sealed, 11)::float8) > current_timestamp then
    return nullif(substr(sealed, 16, substr(sealed, 12, 4)::int), '');
  end if;
  -- NULL, or an error.
  return private.refuse_session(token);
end
$$;

-- The verified claims of the user who is asking; NULL and errors as above. It reads no key, so it needs
-- none of the owner's rights.
create or replace function auth.session() returns jsonb
language plpgsql stable parallel safe security invoker set search_path = pg_catalog, pg_temp
as $$
declare
  token constant text := nullif(current_setting('auth.session_token', true), '');
begin
  -- Raises an error unless the token is valid. Its result does not matter: valid claims may have no subject.
  perform auth.user_id();
  return substr(token, 88 + substr(token, 84, 4)::int)::jsonb;
end
$$;

-- The planner inlines the functions below, which saves the calls. So they may have no SET clause; their
-- names are bound now, whatever search_path will be. Each mentions the function that it builds on only
-- once, because every mention would be evaluated.
--
-- The claims under the name that Supabase made popular.
create or replace function auth.jwt() returns jsonb
language sql stable parallel safe
return auth.session();

-- The user's id as a uuid; NULL when it is not one.
create or replace function auth.uid() returns uuid
language sql stable parallel safe
return substring(auth.user_id(), '(?i)^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$')::uuid;

-- The organization that the user acts for (claim `o`); NULL without one.
create or replace function auth.organization() returns jsonb
language sql stable parallel safe
return jsonb_path_query_first(auth.session(), 'strict $.o ? (@.type() == "object")', silent => true);

-- The organization's id; NULL when it is not a uuid.
create or replace function auth.organization_id() returns uuid
language sql stable parallel safe
return substring(
  auth.organization() ->> 'id', '(?i)^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$'
)::uuid;

revoke all on function auth.user_id(), auth.session(), auth.jwt(), auth.uid(), auth.organization(),
  auth.organization_id() from public;
grant execute on function auth.user_id(), auth.session(), auth.jwt(), auth.uid(), auth.organization(),
  auth.organization_id() to authenticated, anonymous;
