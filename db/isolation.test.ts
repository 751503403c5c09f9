import { todos } from './schema'
import { proveIsolation, proveNothingIsLeftOut } from './testing/isolation'

proveIsolation({ table: todos, owner: todos.userId })

proveNothingIsLeftOut({
  'proxy_state.schema_version': 'random numbers that change with the schema, and no user’s rows',
})
