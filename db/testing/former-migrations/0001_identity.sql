-- Who is asking: claims that the proxy has verified, sealed with a key that SQL cannot read.
--
-- A plain setting such as request.jwt.claims would be worthless here: users send SQL, and SQL can
-- change settings. The proxy seals the claims as
--
--   kid '.' base64url(claims) '.' base64url(HMAC-SHA256(key, kid '.' base64url(claims)))
--
-- into the setting auth.session_token, and nothing counts whose seal does not fit. (This was the
-- first form. 0005_cheap_identity.sql and 0006_sealed_subject.sql replace it, and the functions
-- below, and 0006 says why their search_path should not be empty; all else here stands.)
create schema private;
--> statement-breakpoint
revoke all on schema private from public;
--> statement-breakpoint
-- HMAC (RFC 2104) hashes the key, padded to a block and xored with two constants. Keeping these two
-- blocks in place of the key saves that work for every query. They are as secret as the key.
create table private.session_keys (
  kid text primary key check (kid ~ '^[0-9a-f]{8}$'),
  inner_pad bytea not null check (octet_length(inner_pad) = 64),
  outer_pad bytea not null check (octet_length(outer_pad) = 64),
  created_at timestamptz not null default now()
);
--> statement-breakpoint
revoke all on private.session_keys from public;
--> statement-breakpoint
comment on table private.session_keys is
  'Keys whose seals auth.session() believes; written by `npm run db:migrate`, read by nobody else.';
--> statement-breakpoint
-- The functions have the names and types of Neon's extension pg_session_jwt.
create schema auth;
--> statement-breakpoint
-- The verified claims of whoever is asking; NULL without a token. A token that does not fit is an
-- error, never NULL: a forgery must not pass for a stranger.
--
-- SECURITY DEFINER to read the key; search_path is empty so that no name in here can be taken over.
-- PARALLEL SAFE: it reads only, and parallel workers get the leader's settings. (An EXCEPTION block
-- would break that, for it starts a subtransaction; nothing in here needs one, because what follows
-- the check of the seal is known to come from the proxy.)
create function auth.session() returns jsonb
language plpgsql stable parallel safe security definer set search_path = ''
as $$
declare
  token constant text := current_setting('auth.session_token', true);
  body text;
  sealed text;
  key private.session_keys;
  mac bytea;
  claims jsonb;
begin
  -- '' is what a transaction-local setting leaves behind in a session.
  if token is null or token = '' then
    return null;
  end if;

  select * into key from private.session_keys as k where k.kid = split_part(token, '.', 1);
  if not found then
    raise invalid_authorization_specification
      using message = 'the session is malformed, or sealed with a key that this database does not know',
            hint = 'Run `npm run db:migrate` with the PROXY_SESSION_KEY that the proxy uses.';
  end if;

  body := split_part(token, '.', 2);
  sealed := key.kid || '.' || body;
  mac := sha256(key.outer_pad || sha256(key.inner_pad || convert_to(sealed, 'UTF8')));
  -- SQL has no comparison in constant time. Comparing hashes instead makes time tell only how the
  -- hash of the right seal begins, and from that nobody gets to the seal.
  if sha256(convert_to(token, 'UTF8'))
     <> sha256(convert_to(sealed || '.' || rtrim(translate(encode(mac, 'base64'), '+/', '-_'), '='), 'UTF8'))
  then
    raise invalid_authorization_specification using message = 'the session''s seal does not fit its claims';
  end if;

  claims := convert_from(
    decode(translate(body, '-_', '+/') || repeat('=', -length(body) & 3), 'base64'), 'UTF8'
  )::jsonb;
  if jsonb_typeof(claims -> 'exp') is distinct from 'number' then
    raise invalid_authorization_specification using message = 'the session has no time of expiry';
  end if;
  -- The same 30 s of leeway that the proxy gives to clocks that disagree.
  if (claims ->> 'exp')::numeric + 30 <= extract(epoch from now()) then
    raise invalid_authorization_specification using message = 'the session has expired';
  end if;
  return claims;
end
$$;
--> statement-breakpoint
-- The same under the name that Supabase made popular.
create function auth.jwt() returns jsonb
language sql stable parallel safe set search_path = ''
as $$ select auth.session() $$;
--> statement-breakpoint
-- The id of the user who is asking (claim `sub`); NULL without one.
create function auth.user_id() returns text
language plpgsql stable parallel safe set search_path = ''
as $$
declare
  subject constant jsonb := auth.session() -> 'sub';
begin
  if jsonb_typeof(subject) <> 'string' then
    raise invalid_authorization_specification using message = 'the session''s subject is not a string';
  end if;
  return nullif(subject #>> '{}', '');
end
$$;
--> statement-breakpoint
-- The same as a uuid; NULL when the id is not one.
create function auth.uid() returns uuid
language sql stable parallel safe set search_path = ''
as $$
  select case when id ~* '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' then id::uuid end
  from (select auth.user_id() as id) as asking
$$;
--> statement-breakpoint
-- The organisation that the user acts for (claim `o`); NULL without one.
create function auth.organization() returns jsonb
language sql stable parallel safe set search_path = ''
as $$
  select case when jsonb_typeof(o) = 'object' then o end
  from (select auth.session() -> 'o' as o) as asking
$$;
--> statement-breakpoint
-- The organisation's id; NULL when it is not a uuid.
create function auth.organization_id() returns uuid
language sql stable parallel safe set search_path = ''
as $$
  select case when id ~* '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' then id::uuid end
  from (select auth.organization() ->> 'id' as id) as asking
$$;
--> statement-breakpoint
revoke all on all functions in schema auth from public;
--> statement-breakpoint
grant usage on schema auth to authenticated, anonymous;
--> statement-breakpoint
grant execute on all functions in schema auth to authenticated, anonymous;
