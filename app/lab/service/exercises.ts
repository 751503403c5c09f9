/**
 * Six tables `notes` with one planted mistake each. What makes a mistake one is an attack that succeeds, and what
 * makes a repair right is that the same attack fails afterwards: nothing here is looked up in a list of answers.
 */
import type { As, Mistake, NewWorld, Outcome } from './api'
import { onServer } from './databases'
import { REPAIRS } from './repairs'
import type { World } from './world'

export type Exercise = {
  readonly mistake: Mistake
  /** Makes the table anew, with its rows and the mistake. */
  readonly setUp: (world: World) => Promise<void>
  readonly attack: { readonly as: As; readonly sql: string }
  /** Whether what came of the attack is right. */
  readonly isRight: (outcome: Outcome) => boolean
}

/** A team of alice and carol, one of bob alone, and a note whose author has deleted the account. */
const TABLE = `
  drop table if exists public.notes cascade;
  drop function if exists public.my_teams();
  create table public.notes (
    id uuid primary key default gen_random_uuid(),
    user_id text default auth.user_id(),
    team text not null,
    body text not null
  );
  create index notes_of_user on public.notes (user_id);
  create index notes_of_team on public.notes (team);
  insert into public.notes (user_id, team, body) values
    ('alice', 'red', 'My bank is the one at the corner'),
    ('alice', 'red', 'Dentist on Thursday'),
    ('bob', 'blue', 'Buy a present for Alice'),
    ('carol', 'red', 'Look for another job'),
    (null, 'red', 'Left behind by Dave, who is gone');
  grant select, insert, update, delete on public.notes to authenticated;
  alter table public.notes enable row level security;
  create policy "users see their own notes" on public.notes for select to authenticated
    using ((select auth.user_id()) = user_id);
  create policy "users add notes of their own" on public.notes for insert to authenticated
    with check ((select auth.user_id()) = user_id);
  create policy "users change their own notes" on public.notes for update to authenticated
    using ((select auth.user_id()) = user_id);
  create policy "users delete their own notes" on public.notes for delete to authenticated
    using ((select auth.user_id()) = user_id);`

const BOB: As = { sub: 'bob' }
const READ = 'select user_id, team, body from notes'

/** The users whose rows an answer holds, or what kept it from coming. */
function owners({ results, error }: Outcome): string {
  if (error !== null) return error.code ?? error.message
  const column = results[0]?.columns.indexOf('user_id') ?? -1
  const found = new Set(results[0]?.rows.map((row) => row[column] ?? 'nobody'))
  return [...found].sort().join(', ')
}

const isDenied = ({ error }: Outcome) => error?.code === '42501'
const sees = (expected: string) => (outcome: Outcome) => owners(outcome) === expected

/** @param sql the mistake, laid over the sound table */
function exercise(
  mistake: Mistake,
  sql: string,
  attack: Exercise['attack'],
  isRight: Exercise['isRight'],
): Exercise {
  return {
    ...{ mistake, attack, isRight },
    setUp: async ({ scratch }) => {
      await onServer(scratch.ownerUrl, (client) => client.query(TABLE + sql))
    },
  }
}

const EXERCISES: Readonly<Record<string, Exercise>> = {
  'exercise:1': exercise(
    'row-level security is off',
    `alter table public.notes disable row level security;`,
    { as: BOB, sql: READ },
    sees('bob'),
  ),
  'exercise:2': exercise(
    'a policy is true for every row',
    `alter policy "users see their own notes" on public.notes using (true);`,
    { as: BOB, sql: READ },
    sees('bob'),
  ),
  'exercise:3': exercise(
    'WITH CHECK is missing',
    `alter policy "users add notes of their own" on public.notes with check (true);`,
    {
      as: BOB,
      sql: `insert into notes (user_id, team, body) values ('alice', 'red', 'I owe Bob 100 euros')`,
    },
    isDenied,
  ),
  'exercise:4': exercise(
    'a policy reads its own table',
    `drop policy "users see their own notes" on public.notes;
     create policy "teams see their notes" on public.notes for select to authenticated
       using (team in (select n.team from public.notes as n where n.user_id = (select auth.user_id())));`,
    { as: { sub: 'carol' }, sql: READ },
    sees('alice, carol, nobody'),
  ),
  'exercise:5': exercise(
    'the user’s id can be null',
    `grant select on public.notes to anonymous;
     create policy "jobs without a user see every note" on public.notes for select to anonymous
       using ((select auth.user_id()) is null);`,
    { as: null, sql: READ },
    isDenied,
  ),
  'exercise:6': exercise(
    'a view runs as its owner',
    `create view public.notes_of_teams as select team, user_id, body from public.notes;
     grant select on public.notes_of_teams to authenticated;`,
    { as: BOB, sql: 'select user_id, team, body from notes_of_teams' },
    sees('bob'),
  ),
}

export function exerciseOf(variant: NewWorld['variant']): Exercise | undefined {
  return EXERCISES[variant]
}

/** The attack on the table as it was planted, then again after the repair; a wrong repair is undone. */
export async function checkGuess(world: World, exercise: Exercise, mistake: Mistake) {
  const repair = REPAIRS[mistake]
  const attack = () => world.run({ ...exercise.attack, rollback: true })
  await exercise.setUp(world)
  const before = await attack()
  await onServer(world.scratch.ownerUrl, (client) => client.query(repair))
  const after = await attack()
  const isFound = !exercise.isRight(before) && exercise.isRight(after)
  if (!isFound) await exercise.setUp(world)
  return { isFound, repair, attack: exercise.attack, before, after }
}
