-- Who is asking: claims that the proxy has verified, sealed with a key that SQL cannot read.
--
-- A plain setting such as request.jwt.claims would be worthless here: users send SQL, and SQL can
-- change settings. The proxy seals the claims into the setting auth.session_token, and nothing counts
-- whose seal does not fit:
--
--   kid (8 hex digits), HMAC-SHA256(key, all that follows) (64 hex digits),
--   the second since 1970 at which the session ends (11 digits; the leeway of 30 s is in it),
--   how many characters the subject has (4 digits), the subject, claims (JSON, as they were signed)
--
-- What every query asks for is the subject, and whether the session still lasts: both stand in front of
-- the claims, so that no query has to read JSON for them. Fixed places and plain text take fewer functions
-- to open than base64 would. A token of a former format is an error: its claims begin with a brace.
--
-- Text becomes a number or JSON only once the seal has been found to fit, and never in the query, where
-- the planner, which knows the token, would do it before that: an error with words of the token in it.
--
-- What asking for the user costs is hardly the hashing: it is setting expressions up, again in every
-- transaction, at a few tenths of a microsecond for each function in them. So what is done for a valid
-- session is one query and one condition, and all else happens only where these fail. Measured warm, one
-- transaction a call: 12.5 µs on PostgreSQL 18.
--
-- The path of functions with the owner's rights is `pg_catalog, pg_temp`: with an empty one, a type that
-- somebody has made temporary is found before Postgres' own of the same name, and its checks would run
-- with the rights of the owner (manual, CREATE FUNCTION, "Writing SECURITY DEFINER Functions Safely").

-- Postgres and the proxy count the subject's characters alike in UTF8, and nowhere else.
do $$
begin
  if current_setting('server_encoding') <> 'UTF8' then
    raise feature_not_supported using message = format(
      'the database is encoded in %s, and identities need UTF8: create one with ENCODING ''UTF8''',
      current_setting('server_encoding'));
  end if;
end
$$;

-- HMAC (RFC 2104) hashes the key, padded to a block and xored with two constants. Keeping these two
-- blocks in place of the key saves that work for every query. They are as secret as the key.
create table if not exists private.session_keys (
  kid text primary key check (kid ~ '^[0-9a-f]{8}$'),
  inner_pad bytea not null check (octet_length(inner_pad) = 64),
  outer_pad bytea not null check (octet_length(outer_pad) = 64),
  created_at timestamptz not null default now()
);
revoke all on private.session_keys from public;
comment on table private.session_keys is
  'Keys whose seals auth.session() believes; written by `npm run db:migrate`, read by nobody else.';

-- True when the token's seal fits its claims. A body of this kind is inlined, so it costs no call.
--
-- The token has this key's id in front, 8 bytes of ASCII. That the next 64 bytes are the seal's
-- digits says that they are 64 characters, too.
--
-- SQL has no comparison in constant time. Comparing hashes instead makes time tell only how the
-- hash of the right seal begins, and from that nobody gets to the seal.
create or replace function private.seal_fits(token text, key private.session_keys) returns boolean
language sql stable parallel safe
return sha256(substr(convert_to(token, 'UTF8'), 9, 64))
  = sha256(convert_to(encode(
      sha256(key.outer_pad || sha256(key.inner_pad || substr(convert_to(token, 'UTF8'), 73))), 'hex'
    ), 'UTF8'));
revoke all on function private.seal_fits(text, private.session_keys) from public;

-- Says why a token is not believed: always an error, but NULL for no token at all.
create or replace function private.refuse_session(token text) returns jsonb
language plpgsql stable parallel safe set search_path = pg_catalog, pg_temp
as $$
declare
  key private.session_keys;
begin
  -- '' is what a transaction-local setting leaves behind in a session.
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
-- error, never NULL: a forgery must not pass for a stranger.
--
-- SECURITY DEFINER to read the key. PARALLEL SAFE: it reads only, and parallel workers get the leader's
-- settings. (An EXCEPTION block would break that, for it starts a subtransaction; nothing in here needs
-- one, because what follows the check of the seal is known to come from the proxy.)
create or replace function auth.user_id() returns text
language plpgsql stable parallel safe security definer set search_path = pg_catalog, pg_temp
as $$
declare
  token constant text := current_setting('auth.session_token', true);
  sealed text;
begin
  -- starts_with(), because reading the table, of one page, is 1 µs cheaper than its index.
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

-- The verified claims of whoever is asking; NULL and errors as above. It needs no key, and so none
-- of the owner's rights.
create or replace function auth.session() returns jsonb
language plpgsql stable parallel safe security invoker set search_path = pg_catalog, pg_temp
as $$
declare
  token constant text := nullif(current_setting('auth.session_token', true), '');
begin
  -- An error, unless the token fits and lasts; a NULL may as well mean that it has no subject.
  perform auth.user_id();
  return substr(token, 88 + substr(token, 84, 4)::int)::jsonb;
end
$$;

-- The ones below have bodies that the planner puts in place of the call, which saves calling them:
-- they may have no SET clause, and names in them are bound now, whatever search_path will be. Each
-- mentions the function it builds on once, for every mention would be evaluated.
--
-- The claims under the name that Supabase made popular.
create or replace function auth.jwt() returns jsonb
language sql stable parallel safe
return auth.session();

-- The user's id as a uuid; NULL when it is not one.
create or replace function auth.uid() returns uuid
language sql stable parallel safe
return substring(auth.user_id(), '(?i)^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$')::uuid;

-- The organisation that the user acts for (claim `o`); NULL without one.
create or replace function auth.organization() returns jsonb
language sql stable parallel safe
return jsonb_path_query_first(auth.session(), 'strict $.o ? (@.type() == "object")', silent => true);

-- The organisation's id; NULL when it is not a uuid.
create or replace function auth.organization_id() returns uuid
language sql stable parallel safe
return substring(
  auth.organization() ->> 'id', '(?i)^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$'
)::uuid;

revoke all on function auth.user_id(), auth.session(), auth.jwt(), auth.uid(), auth.organization(),
  auth.organization_id() from public;
grant execute on function auth.user_id(), auth.session(), auth.jwt(), auth.uid(), auth.organization(),
  auth.organization_id() to authenticated, anonymous;
