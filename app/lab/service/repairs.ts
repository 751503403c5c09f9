/** What the lab does to the table of an exercise when a mistake is named: each can be tried on any of them. */
import type { Mistake } from './api'

/** Lays the sound policy where one of the name is: exercises have it under another, or not at all. */
function withPolicy(name: string, statement: string): string {
  return `do $$ begin
  if exists (select from pg_policies where tablename = 'notes' and policyname = '${name}') then
    ${statement};
  end if;
end $$`
}

export const REPAIRS: Readonly<Record<Mistake, string>> = {
  'row-level security is off': 'alter table public.notes enable row level security',
  'a policy is true for every row': withPolicy(
    'users see their own notes',
    `alter policy "users see their own notes" on public.notes using ((select auth.user_id()) = user_id)`,
  ),
  'WITH CHECK is missing': `alter policy "users add notes of their own" on public.notes
  with check ((select auth.user_id()) = user_id)`,
  'a policy reads its own table': `create function public.my_teams() returns text[]
language sql stable security definer set search_path = pg_catalog, pg_temp
return array(select team from public.notes where user_id = auth.user_id());
${withPolicy(
  'teams see their notes',
  `alter policy "teams see their notes" on public.notes using (team = any ((select public.my_teams())::text[]))`,
)}`,
  'the user’s id can be null': 'revoke all on public.notes from anonymous',
  'a view runs as its owner':
    'alter view if exists public.notes_of_teams set (security_invoker = true)',
}
