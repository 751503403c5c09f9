/** What somebody who may send any SQL would try against Alice's todos. */
import { seal } from './as-user'
import { ALICE, ALICES_TODO as ID, BOB, BOBS_TODO } from './people'

export type Attack = {
  /** Completes “Bob cannot …”. */
  name: string
  /** Run in one transaction. */
  statements: string[]
  /** Oldest major version that knows the statement. */
  since?: number
}

const forged = seal(Buffer.alloc(32, 9).toString('base64'), { sub: ALICE, exp: 4e9 })
const claims = JSON.stringify({ sub: ALICE, exp: 4e9 })

const attack = (name: string, ...statements: string[]): Attack => ({ name, statements })

export const ATTACKS: Attack[] = [
  // read
  attack('read all todos', 'select * from todos'),
  attack('read a todo by its id', `select task from todos where id = '${ID}'`),
  attack(
    'read through a subquery',
    `select (select max(task) from todos where user_id = '${ALICE}')`,
  ),
  attack('read through a CTE', 'with everything as (select * from todos) select * from everything'),
  attack('read while locking', 'select * from todos for update'),
  attack(
    'learn whether Alice has todos',
    `select 'alice has todos' as fact where exists (select from todos where user_id = '${ALICE}')`,
  ),
  attack('read from an error message', 'select * from todos where task::int > 0'),
  attack('copy the table out', 'copy todos to stdout'),
  attack('copy a query out', 'copy (select * from todos) to stdout'),
  attack('read through a cursor', 'declare c cursor for select * from todos', 'fetch all from c'),

  attack('read the planner’s statistics', `select * from pg_stats where tablename = 'todos'`),

  // insert
  attack('plant a todo', `insert into todos (user_id, task) values ('${ALICE}', 'planted')`),
  attack(
    'plant a todo and see it',
    `insert into todos (user_id, task) values ('${ALICE}', 'planted') returning *`,
  ),
  attack(
    'plant a todo through a query',
    `insert into todos (user_id, task) select '${ALICE}', 'planted' returning id`,
  ),
  attack(
    'overwrite on conflict',
    `insert into todos (id, user_id, task) values ('${ID}', '${BOB}', 'stolen')
     on conflict (id) do update set task = excluded.task returning *`,
  ),
  attack(
    'take over on conflict',
    `insert into todos (id, user_id, task) values ('${ID}', '${BOB}', 'stolen')
     on conflict (id) do update set user_id = excluded.user_id`,
  ),
  attack('copy todos in', 'copy todos (user_id, task) from stdin'),

  // update
  attack('update all todos', `update todos set task = 'changed'`),
  attack('update a todo by its id', `update todos set is_complete = true where id = '${ID}'`),
  attack('update and see', `update todos set task = task where id = '${ID}' returning *`),
  attack('take todos over', `update todos set user_id = '${BOB}'`),
  attack('give a todo away', `update todos set user_id = '${ALICE}' where id = '${BOBS_TODO}'`),
  attack('give everything away', `update todos set user_id = '${ALICE}'`),

  // delete
  attack('delete all todos', 'delete from todos'),
  attack('delete a todo by its id', `delete from todos where id = '${ID}' returning task`),
  attack(
    'delete with the help of another table',
    `delete from todos using (values ('${ALICE}')) as t (id) where user_id = t.id`,
  ),
  attack('truncate', 'truncate todos'),

  // merge
  {
    name: 'merge a change in',
    since: 15,
    statements: [
      `merge into todos using (values ('${ALICE}')) as t (id) on user_id = t.id
       when matched then update set task = 'merged'`,
    ],
  },
  {
    name: 'merge a deletion in',
    since: 15,
    statements: [
      `merge into todos using (values ('${ALICE}')) as t (id) on user_id = t.id
       when matched then delete`,
    ],
  },
  {
    name: 'merge a planted todo in',
    since: 15,
    statements: [
      `merge into todos using (values ('planted')) as t (task) on todos.task = t.task
       when not matched then insert (user_id, task) values ('${ALICE}', t.task)`,
    ],
  },

  // pretend
  attack('forge an identity', `set local auth.session_token = '${forged}'`, 'select * from todos'),
  attack(
    'claim to be Alice in a setting',
    `set local request.jwt.claims = '${claims}'`,
    `set local auth.user_id = '${ALICE}'`,
    'select * from todos',
  ),
  attack('leave the role', 'reset role', 'select * from todos'),
  attack('take the proxy’s role', 'set local role authenticator', 'delete from todos'),
]
