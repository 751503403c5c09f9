'use client'

import { useRouter } from 'next/navigation'
import { useState } from 'react'
import { addTodo, deleteTodo, toggleTodo, type Database, type Todo } from '../../todos/queries'
import { currentToken, signOut } from '../lib/auth-in-browser'
import { connect } from '../lib/db'

type Props = { email: string; todos: readonly Todo[] }

export function Todos({ email, todos }: Props) {
  const router = useRouter()
  const [problem, setProblem] = useState('')

  async function change(run: (db: Database) => Promise<void>) {
    try {
      const token = await currentToken()
      if (token) await run(connect(token))
      setProblem('')
      router.refresh()
    } catch {
      setProblem('That did not work. Is the SQL proxy running?')
    }
  }

  async function add(form: FormData) {
    const task = form.get('task')
    if (typeof task === 'string') await change((db) => addTodo(db, task))
  }

  async function leave() {
    await signOut()
    router.refresh()
  }

  return (
    <main>
      <header>
        <h1>Todos</h1>
        <p>{email}</p>
        <button onClick={leave}>Sign out</button>
      </header>
      {problem && <p role="alert">{problem}</p>}
      <form action={add}>
        <input name="task" aria-label="New todo" required maxLength={500} />
        <button>Add</button>
      </form>
      <ul aria-label="Todos">
        {todos.map(({ id, task, isComplete }) => (
          <li key={id}>
            <button
              role="checkbox"
              aria-checked={isComplete}
              aria-label={task}
              onClick={() => change((db) => toggleTodo(db, id))}
            />
            <span>{task}</span>
            <button
              aria-label={`Delete ${task}`}
              onClick={() => change((db) => deleteTodo(db, id))}
            >
              Delete
            </button>
          </li>
        ))}
      </ul>
    </main>
  )
}
