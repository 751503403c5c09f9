import { listTodos } from '../../todos/queries'
import { currentUser } from '../lib/auth'
import { connect } from '../lib/db'
import { Todos } from './todos'

/** The list comes from the server's SQL; the browser sends its changes itself. */
export default async function Page() {
  const user = await currentUser()
  if (user) return <Todos email={user.email} todos={await listTodos(connect(user.token))} />
  return (
    <main>
      <h1>Todos</h1>
      <p>
        <a href="/api/auth/login">Sign in</a> or <a href="/api/auth/signup">Sign up</a>
      </p>
    </main>
  )
}
