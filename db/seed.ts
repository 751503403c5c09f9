/**
 * Adds some todos for users who have none, and a list that the demo users share, if they share none.
 *
 *   npm run db:seed                  for the demo users
 *   npm run db:seed -- <user id> …   for these
 */
import type { Client } from 'pg'
import { withOwner } from '../proxy/install/owner'
import { runCommand } from './command'
import { DEMO_USERS } from './demo-users'

type DemoTodo = {
  readonly task: string
  readonly isComplete?: true
  readonly notes?: string
  /** Days from today. */
  readonly dueIn?: number
  readonly dueTime?: string
}

const TODOS: readonly DemoTodo[] = [
  { task: 'Read how one request travels through the proxy', isComplete: true },
  { task: 'Open a second browser and sign in as somebody else' },
  { task: 'Try to see their todos' },
]

const TODOS_OF: Readonly<Record<string, readonly DemoTodo[]>> = {
  [DEMO_USERS.alice.id]: [
    { task: 'Water the tomatoes', isComplete: true },
    {
      task: 'Book the train to Lisbon',
      notes: 'Night train via Hendaye, two beds.\nhttps://www.cp.pt',
      dueIn: 2,
    },
    { task: 'Call Grandma about Sunday', dueIn: 0, dueTime: '18:00' },
  ],
  [DEMO_USERS.bob.id]: [
    { task: 'Fix the squeaky bike', isComplete: true },
    { task: 'Return the library books' },
  ],
}

/** Alice's, and Bob edits it. */
export const SHARED_LIST = {
  id: '5a4ed000-0000-4000-8000-000000000001',
  name: 'Summer party',
  todos: [
    { by: DEMO_USERS.alice, task: 'Ask the neighbours about the garden', isComplete: true },
    { by: DEMO_USERS.alice, task: 'Send the invitations', dueIn: 1, dueTime: '09:00' },
    { by: DEMO_USERS.bob, task: 'Make a playlist', notes: 'Nothing that Dad cannot dance to.' },
    { by: DEMO_USERS.bob, task: 'Buy charcoal and lemonade', dueIn: 5 },
  ] satisfies readonly (DemoTodo & { by: { id: string } })[],
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
    if (DEMO_USER_IDS.every((id) => userIds.includes(id))) await seedSharedList(client)
    return seeded
  })
}

async function seedUser(client: Client, userId: string): Promise<boolean> {
  const { rowCount } = await client.query('select from public.todos where user_id = $1 limit 1', [
    userId,
  ])
  if (rowCount !== 0) return false
  const demo = TODOS_OF[userId] ?? TODOS
  for (const todo of demo) await add(client, { ...todo, userId, listId: null })
  return true
}

/** Unless one of the two belongs to a list already. */
async function seedSharedList(client: Client): Promise<void> {
  const { alice, bob } = DEMO_USERS
  const { id, name, todos } = SHARED_LIST
  const { rowCount } = await client.query(
    `insert into public.lists (id, name, created_by) select $1, $2, $3
     where not exists (select from public.list_members where user_id in ($3, $4))`,
    [id, name, alice.id, bob.id],
  )
  if (rowCount === 0) return
  await client.query(
    `insert into public.list_members (list_id, user_id, role, name) values ($1, $2, 'editor', $3)`,
    [id, bob.id, bob.firstName],
  )
  await client.query(
    'update public.list_members set name = $3 where list_id = $1 and user_id = $2',
    [id, alice.id, alice.firstName],
  )
  for (const { by, ...todo } of todos) await add(client, { ...todo, userId: by.id, listId: id })
}

async function add(client: Client, todo: DemoTodo & { userId: string; listId: string | null }) {
  const { userId, listId, task, isComplete = false, notes = '', dueIn, dueTime } = todo
  await client.query(
    `insert into public.todos (user_id, list_id, task, is_complete, notes, due_on, due_time)
     values ($1, $2, $3, $4, $5, current_date + $6::int, $7)`,
    [userId, listId, task, isComplete, notes, dueIn, dueTime],
  )
}

await runCommand(import.meta.url, async ({ args, env, say }) => {
  const seeded = await seed(env.DATABASE_URL ?? '', args.length > 0 ? args : undefined)
  say(seeded.length > 0 ? `Todos added for ${seeded.join(', ')}.` : 'Everyone has todos already.')
})
