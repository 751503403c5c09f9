import { reports, todos } from './schema'
import { proveIsolation, proveNothingIsLeftOut } from './testing/isolation'
import { proveSharing } from './testing/sharing/prove'

proveIsolation({ table: todos, owner: todos.userId })

const SHARED_LIST = '11570000-0000-4000-8000-0000000000aa'
const todo = (n: number) => `70d00000-0000-4000-8000-0000000000b${n}`
proveIsolation({
  table: reports,
  owner: reports.userId,
  row: (n) => ({ todoId: todo(n), reason: `reason ${n}` }),
  // Todos that all three see, or they could not report them.
  given: `
    insert into lists (id, name, created_by) values ('${SHARED_LIST}', 'shared', 'user_alice');
    insert into list_members (list_id, user_id, role) values
      ('${SHARED_LIST}', 'user_bob', 'viewer'), ('${SHARED_LIST}', 'user_carol', 'viewer');
    insert into todos (id, user_id, list_id, task)
      select ('70d00000-0000-4000-8000-0000000000b' || n)::uuid, 'user_alice', '${SHARED_LIST}', 'todo ' || n
      from generate_series(0, 9) as n`,
})

proveSharing()

proveNothingIsLeftOut({
  'proxy_state.schema_version': 'random numbers that change with the schema, and no user’s rows',
})
