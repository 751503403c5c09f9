/** The work that every target does, as a request in each target's own form. */
import type { Client } from 'pg'
import {
  ADD,
  ADDED_OF_USER,
  ADDED_TASK,
  COMPLETE,
  LIST,
  LIST_DONE,
  LIST_OF_USER,
  withValues,
} from './scene/statements'
import type { User } from './scene/scene'
import { readTodos, type Todo } from './scene/todos'

type Query = { readonly query: string; readonly params: readonly unknown[] }

export type Workload = {
  /** Each with its values, for Postgres directly; run after the session has become the user's. */
  readonly statements: (user: User) => readonly string[]
  /** More than one statement, between START TRANSACTION and COMMIT. */
  readonly isBatch: boolean
  /** For the proxy, by Neon's protocol. */
  readonly sql: (user: User) => Query | { readonly queries: readonly Query[] }
  /** For an API with a route for each job. */
  readonly rest: (user: User) => { readonly route: string; readonly json?: unknown }
  /** For a GraphQL API, which answers with `todos`; null where it has no such request. */
  readonly graphql: string | null
  /** The rows of a right answer, one list for each statement; read after the answer came. */
  readonly expected: (owner: Client, user: User) => Promise<readonly (readonly Todo[])[]>
  /** Removes what the work has left behind. */
  readonly cleanUp: (owner: Client) => Promise<void>
}

const FIELDS = 'id: rowId task is_complete: isComplete inserted_at: insertedAt'

export const list: Workload = {
  statements: () => [LIST],
  isBatch: false,
  sql: () => ({ query: LIST, params: [] }),
  rest: () => ({ route: 'GET /todos' }),
  graphql: `{ todos: allTodos(orderBy: [INSERTED_AT_ASC, ROW_ID_ASC]) { nodes { ${FIELDS} } } }`,
  expected: async (owner, { id }) => [await read(owner, LIST_OF_USER, id)],
  cleanUp: () => Promise.resolve(),
}

export const write: Workload = {
  statements: () => [withValues(ADD, ADDED_TASK)],
  isBatch: false,
  sql: () => ({ query: ADD, params: [ADDED_TASK] }),
  rest: () => ({ route: 'POST /todos', json: { task: ADDED_TASK } }),
  graphql: `mutation { todos: createTodo(input: { todo: { task: "${ADDED_TASK}" } }) { nodes: todo { ${FIELDS} } } }`,
  expected: async (owner, { id }) => [await read(owner, ADDED_OF_USER, id)],
  cleanUp: async (owner) => {
    await owner.query('delete from todos where task = $1', [ADDED_TASK])
    await owner.query('vacuum todos')
  },
}

export const batch: Workload = {
  statements: ({ firstTodo }) => [
    withValues(COMPLETE, 'true', firstTodo),
    LIST,
    withValues(LIST_DONE, 'true'),
  ],
  isBatch: true,
  sql: ({ firstTodo }) => ({
    queries: [
      { query: COMPLETE, params: [true, firstTodo] },
      { query: LIST, params: [] },
      { query: LIST_DONE, params: [true] },
    ],
  }),
  rest: ({ firstTodo }) => ({ route: 'POST /complete', json: { id: firstTodo } }),
  graphql: null,
  expected: async (owner, { id, firstTodo }) => {
    const all = await read(owner, LIST_OF_USER, id)
    return [all.filter((row) => row.id === firstTodo), all, all.filter((row) => row.is_complete)]
  },
  cleanUp: async (owner) => {
    await owner.query('update todos set is_complete = false where is_complete')
    await owner.query('vacuum todos')
  },
}

async function read(owner: Client, sql: string, userId: string): Promise<Todo[]> {
  return readTodos((await owner.query(sql, [userId])).rows)
}
