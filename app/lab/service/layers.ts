/** How each layer is taken out of a world: by statements of the database's owner, or by another gate. */
import type { Layer } from './api'

/** Everything for everyone, as a hasty “permission denied” is answered: row-level security stays. */
const GRANTS = ['public', 'private', 'access', 'drizzle'].map(
  (schema) => `
    grant usage on schema ${schema} to authenticated, anonymous;
    grant all on all tables in schema ${schema} to authenticated, anonymous;
    grant execute on all functions in schema ${schema} to authenticated, anonymous;`,
)

/** True for every row, so that reading and giving away are no longer the user's own business. */
const POLICY = [
  `alter policy "users see their own todos" on public.todos using (true);
   alter policy "users add todos of their own" on public.todos with check (true);
   alter policy "users change their own todos and keep them" on public.todos using (true) with check (true);`,
]

/**
 * The setting is believed as it stands: a sealed one without a look at its seal, any other as the user's id. That
 * is what policies on `current_setting('request.jwt.claims')` come to.
 */
const SEAL = [
  `create or replace function auth.user_id() returns text
   language sql stable parallel safe set search_path = pg_catalog, pg_temp
   return (
     select case
       when token ~ '^[0-9a-f]{72}[0-9]{15}' then nullif(substr(token, 88, substr(token, 84, 4)::int), '')
       else nullif(token, '')
     end
     from current_setting('auth.session_token', true) as token)`,
]

/** What the superuser runs in a new database. The gate is the proxy's. */
export function withoutLayers(missing: readonly Layer[]): readonly string[] {
  const statements: Record<Layer, readonly string[]> = {
    gate: [],
    grants: GRANTS,
    policy: POLICY,
    seal: SEAL,
  }
  return missing.flatMap((layer) => statements[layer])
}
