/**
 * Adds some todos for users who have none.
 *
 *   npm run db:seed                  for the demo users
 *   npm run db:seed -- <user id> …   for these
 */
import type { Client } from 'pg'
import { withOwner } from '../proxy/install/owner'
import { runCommand } from './command'
import { DEMO_USERS } from './demo-users'

type DemoTodo = { task: string; isComplete?: true }

const TODOS: readonly DemoTodo[] = [
  { task: 'Read how one request travels through the proxy', isComplete: true },
  { task: 'Open a second browser and sign in as somebody else' },
  { task: 'Try to see their todos' },
]

const TODOS_OF: Readonly<Record<string, readonly DemoTodo[]>> = {
  [DEMO_USERS.alice.id]: [
    { task: 'Water the tomatoes', isComplete: true },
    { task: 'Book the train to Lisbon' },
    { task: 'Call Grandma about Sunday' },
  ],
  [DEMO_USERS.bob.id]: [
    { task: 'Fix the squeaky bike', isComplete: true },
    { task: 'Return the library books' },
  ],
}

const DEMO_USER_IDS = [DEMO_USERS.alice.id, DEMO_USERS.bob.id]

/**
 * @param databaseUrl the owner's: as the tables' owner it may add todos for others
 * @returns the users who got todos
 */
export function seed(
  databaseUrl: string,
  userIds: readonly string[] = DEMO_USER_IDS,
): Promise<string[]> {
  return withOwner(databaseUrl, async (client) => {
    const seeded: string[] = []
    for (const userId of userIds) if (await seedUser(client, userId)) seeded.push(userId)
    return seeded
  })
}

async function seedUser(client: Client, userId: string): Promise<boolean> {
  const demo = TODOS_OF[userId] ?? TODOS
  // A minute apart, so that the list has an order.
  const { rowCount } = await client.query(
    `insert into public.todos (user_id, task, is_complete, inserted_at)
     select $1, task, is_complete, now() - make_interval(mins => ($4 - place)::int)
     from unnest($2::text[], $3::boolean[]) with ordinality as demo (task, is_complete, place)
     where not exists (select from public.todos where user_id = $1)`,
    [
      userId,
      demo.map((todo) => todo.task),
      demo.map((todo) => todo.isComplete ?? false),
      demo.length,
    ],
  )
  return rowCount !== 0
}

await runCommand(import.meta.url, async ({ args, env, say }) => {
  const seeded = await seed(env.DATABASE_URL ?? '', args.length > 0 ? args : undefined)
  say(seeded.length > 0 ? `Todos added for ${seeded.join(', ')}.` : 'Everyone has todos already.')
})
