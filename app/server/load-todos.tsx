import { loadTodos } from '@/app/todos/perform-change'
import { failed } from '@/lib/problem'
import { serverDb } from '@/lib/server-db'
import { sessionToken } from '@/lib/session'
import { ServerTodos } from './server-todos'

/** Reads the todos on the server, as the user of this request. */
export async function LoadTodos({ userId }: { userId: string }) {
  const token = await sessionToken()
  const loaded = token ? await loadTodos(serverDb(token)) : failed('signed-out')
  return <ServerTodos key={userId} userId={userId} loaded={loaded} />
}
