import { createResource, For, Match, Switch } from 'solid-js'
import { render } from 'solid-js/web'
import '../../todos/todos.css'
import { addTodo, deleteTodo, readList, toggleTodo, type List } from './api'
import { signOut } from './auth'
import { Door } from './Door'

function App() {
  const [list, { refetch }] = createResource(readList)
  /** Does something, and shows the list again. */
  const after = async (done: Promise<unknown>) => {
    await done
    await refetch()
  }
  return (
    <main>
      <Switch>
        <Match when={list.error as unknown}>
          <h1>Todos</h1>
          <p role="alert">The list cannot be read now. Reload the page to try again.</p>
        </Match>
        <Match when={list()}>{(shown) => <Todos list={shown()} after={after} />}</Match>
        <Match when={!list.loading}>
          <Door onEntered={refetch} />
        </Match>
      </Switch>
    </main>
  )
}

function Todos(props: { list: List; after: (done: Promise<unknown>) => Promise<void> }) {
  const add = async (event: SubmitEvent & { currentTarget: HTMLFormElement }) => {
    event.preventDefault()
    const form = event.currentTarget
    await props.after(addTodo(String(new FormData(form).get('task'))))
    form.reset()
  }
  return (
    <>
      <header>
        <h1>Todos</h1>
        <p>{props.list.email}</p>
        <button onClick={() => props.after(signOut())}>Sign out</button>
      </header>
      <form onSubmit={add}>
        <input name="task" aria-label="New todo" required maxLength={500} />
        <button>Add</button>
      </form>
      <ul aria-label="Todos">
        <For each={props.list.todos}>
          {({ id, task, isComplete }) => (
            <li>
              <button
                role="checkbox"
                aria-checked={isComplete}
                aria-label={task}
                onClick={() => props.after(toggleTodo(id))}
              />
              <span>{task}</span>
              <button aria-label={`Delete ${task}`} onClick={() => props.after(deleteTodo(id))}>
                Delete
              </button>
            </li>
          )}
        </For>
      </ul>
    </>
  )
}

render(() => <App />, document.body)
