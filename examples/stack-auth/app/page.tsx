import { listTodos } from '../../todos/queries'
import { currentUser } from '../lib/auth'
import { connect } from '../lib/db'
import { add, leave, remove, toggle } from './actions'

export default async function Page() {
  const user = await currentUser()
  if (!user) {
    return (
      <main>
        <h1>Todos</h1>
        <p>
          <a href="/sign-in">Sign in</a> or <a href="/sign-up">Sign up</a>
        </p>
      </main>
    )
  }
  const todos = await listTodos(connect(user.token))
  return (
    <main>
      <header>
        <h1>Todos</h1>
        <p>{user.email}</p>
        <form action={leave}>
          <button>Sign out</button>
        </form>
      </header>
      <form action={add}>
        <input name="task" aria-label="New todo" required maxLength={500} />
        <button>Add</button>
      </form>
      <ul aria-label="Todos">
        {todos.map(({ id, task, isComplete }) => (
          <li key={id}>
            <form action={toggle.bind(null, id)}>
              <button role="checkbox" aria-checked={isComplete} aria-label={task} />
            </form>
            <span>{task}</span>
            <form action={remove.bind(null, id)}>
              <button aria-label={`Delete ${task}`}>Delete</button>
            </form>
          </li>
        ))}
      </ul>
    </main>
  )
}
