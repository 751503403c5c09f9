/** What one can send in this room: each is a statement, and where its request is expected to end. */
import { DEMO_USERS } from '@/db/demo-users'
import type { TracedStatement } from '../trace/send-traced'

export type Action = TracedStatement & {
  readonly label: string
  /** Whether one letter of the token is changed on its way. */
  readonly forges?: boolean
}

const bob = DEMO_USERS.bob.id

export const ACTIONS = {
  read: {
    label: 'Read my todos',
    sql: 'select task, is_complete from todos where is_complete = $1',
    params: ['false'],
  },
  add: {
    label: 'Add a todo',
    sql: 'insert into todos (task) values ($1) returning task, user_id',
    params: ['Water the lab’s plants'],
  },
  'read-others': {
    label: 'Read Bob’s todos',
    sql: `select task from todos where user_id = '${bob}'`,
    params: [],
  },
  'write-as-another': {
    label: 'Write as Bob',
    sql: `insert into todos (user_id, task) values ('${bob}', 'Planted') returning id`,
    params: [],
  },
  'switch-role': { label: 'Switch the role', sql: 'set role postgres', params: [] },
  'no-grant': {
    label: 'Give a todo away',
    sql: `update todos set user_id = '${bob}' returning id`,
    params: [],
  },
  forge: {
    label: 'Forge the token',
    sql: 'select task from todos',
    params: [],
    forges: true,
  },
} as const satisfies Record<string, Action>

export type ActionName = keyof typeof ACTIONS

export const ACTION_NAMES = Object.keys(ACTIONS) as ActionName[]

export const actionOf = (name: ActionName): Action => ACTIONS[name]
