-- The same functions as in 0001_identity.sql, at half the cost; every query of a user pays it once.
-- (This was the second form. 0006_sealed_subject.sql replaces it, and auth.session(),
-- auth.user_id() and private.refuse_session(); all else here stands.)
--
-- The proxy now seals the claims as
--
--   kid (8 hex digits), HMAC-SHA256(key, claims) (64 hex digits), claims (JSON, as they were signed)
--
-- with nothing in between: fixed places and plain text take fewer functions to open than base64 did.
--
-- What asking for the user costs is hardly the hashing: it is setting expressions up, again in every
-- transaction, at a few tenths of a microsecond for each function in them. So what is done for a
-- valid session is one query and one condition, and all else happens only where these fail. Measured
-- warm, one transaction a call: 16 µs instead of 31 on PostgreSQL 18, 15 instead of 30 on 15.

-- True when the token's seal fits its claims. A body of this kind is inlined, so it costs no call.
--
-- The token has this key's id in front, 8 bytes of ASCII. That the next 64 bytes are the seal's
-- digits says that they are 64 characters, too.
--
-- SQL has no comparison in constant time. Comparing hashes instead makes time tell only how the
-- hash of the right seal begins, and from that nobody gets to the seal.
create function private.seal_fits(token text, key private.session_keys) returns boolean
language sql stable parallel safe
return sha256(substr(convert_to(token, 'UTF8'), 9, 64))
  = sha256(convert_to(encode(
      sha256(key.outer_pad || sha256(key.inner_pad || substr(convert_to(token, 'UTF8'), 73))), 'hex'
    ), 'UTF8'));
--> statement-breakpoint
-- Says why auth.session() does not believe a token: always an error, but NULL for no token at all.
create function private.refuse_session(token text) returns jsonb
language plpgsql stable parallel safe set search_path = ''
as $$
declare
  key private.session_keys;
  claims jsonb;
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

  claims := right(token, -72);
  if jsonb_typeof(claims -> 'exp') is distinct from 'number' then
    raise invalid_authorization_specification using message = 'the session has no time of expiry';
  end if;
  if jsonb_typeof(claims -> 'sub') <> 'string' then
    raise invalid_authorization_specification using message = 'the session''s subject is not a string';
  end if;
  raise invalid_authorization_specification using message = 'the session has expired';
end
$$;
--> statement-breakpoint
revoke all on function private.seal_fits(text, private.session_keys) from public;
--> statement-breakpoint
revoke all on function private.refuse_session(text) from public;
--> statement-breakpoint
-- The verified claims of whoever is asking; NULL without a token. A token that does not fit is an
-- error, never NULL: a forgery must not pass for a stranger.
--
-- SECURITY DEFINER to read the key; search_path is empty so that no name in here can be taken over.
-- PARALLEL SAFE: it reads only, and parallel workers get the leader's settings. (An EXCEPTION block
-- would break that, for it starts a subtransaction; nothing in here needs one, because what follows
-- the check of the seal is known to come from the proxy.)
create or replace function auth.session() returns jsonb
language plpgsql stable parallel safe security definer set search_path = ''
as $$
declare
  token constant text := current_setting('auth.session_token', true);
  claims jsonb;
begin
  -- The text becomes JSON in the assignment, which takes place only when the seal has been found to
  -- fit. As a cast in the query it would be evaluated before that, by the planner, which knows the
  -- token: an error of the JSON parser, with words of the token in it.
  --
  -- starts_with(), because reading the table, of one page, is 1 µs cheaper than its index.
  select right(token, -72) into claims
  from private.session_keys as k
  where starts_with(token, k.kid) and private.seal_fits(token, k);

  -- The 30 s are the leeway that the proxy gives, too, to clocks that disagree. CASE keeps what is
  -- no number from the cast. A subject may be missing. Without a fitting seal all of this is NULL.
  if (case
    when claims @@ '$.exp.type() == "number" && !($.sub.type() != "string")'
    then (claims ->> 'exp')::numeric + 30 > extract(epoch from now())
  end) then
    return claims;
  end if;
  return private.refuse_session(token);
end
$$;
--> statement-breakpoint
-- The ones below have bodies that the planner puts in place of the call, which saves calling them:
-- they may have no SET clause, and names in them are bound now, whatever search_path will be. Each
-- mentions auth.session() once, for every mention would be evaluated.
--
-- The same under the name that Supabase made popular.
create or replace function auth.jwt() returns jsonb
language sql stable parallel safe
return auth.session();
--> statement-breakpoint
-- The id of the user who is asking (claim `sub`); NULL without one.
create or replace function auth.user_id() returns text
language sql stable parallel safe
return nullif(auth.session() ->> 'sub', '');
--> statement-breakpoint
-- The same as a uuid; NULL when the id is not one.
create or replace function auth.uid() returns uuid
language sql stable parallel safe
return substring(auth.user_id(), '(?i)^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$')::uuid;
--> statement-breakpoint
-- The organisation that the user acts for (claim `o`); NULL without one.
create or replace function auth.organization() returns jsonb
language sql stable parallel safe
return jsonb_path_query_first(auth.session(), 'strict $.o ? (@.type() == "object")', silent => true);
--> statement-breakpoint
-- The organisation's id; NULL when it is not a uuid.
create or replace function auth.organization_id() returns uuid
language sql stable parallel safe
return substring(
  auth.organization() ->> 'id', '(?i)^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$'
)::uuid;
