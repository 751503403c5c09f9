/** The pages as text; what people typed is escaped. */
import type { Todo } from '../todos/queries'

export function startPage(): string {
  return page(`<h1>Todos</h1>
    <p><a href="/sign-in">Sign in</a> or <a href="/sign-up">Sign up</a></p>`)
}

/** @param alert why an attempt failed */
export function loginPage(path: '/sign-in' | '/sign-up', alert?: string, email = ''): string {
  const doing = path === '/sign-in' ? 'Sign in' : 'Sign up'
  return page(`<h1>${doing}</h1>
    ${alert === undefined ? '' : `<p role="alert">${escape(alert)}</p>`}
    <form method="post">
      <label>Email <input name="email" type="email" required value="${escape(email)}"></label>
      <label>Password <input name="password" type="password" required></label>
      <button>${doing}</button>
    </form>`)
}

export function todosPage(email: string, todos: readonly Todo[]): string {
  return page(`<header>
      <h1>Todos</h1>
      <p>${escape(email)}</p>
      <form method="post" action="/sign-out"><button>Sign out</button></form>
    </header>
    <form method="post" action="/add">
      <input name="task" aria-label="New todo" required maxlength="500">
      <button>Add</button>
    </form>
    <ul aria-label="Todos">${todos.map(item).join('')}</ul>`)
}

function item({ id, task, isComplete }: Todo): string {
  const name = escape(task)
  return `<li>
      <form method="post" action="/toggle">
        <input type="hidden" name="id" value="${id}">
        <button role="checkbox" aria-checked="${isComplete}" aria-label="${name}"></button>
      </form>
      <span>${name}</span>
      <form method="post" action="/delete">
        <input type="hidden" name="id" value="${id}">
        <button aria-label="Delete ${name}">Delete</button>
      </form>
    </li>`
}

function page(main: string): string {
  return `<!doctype html>
<html lang="en">
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width">
  <title>Todos</title>
  <link rel="stylesheet" href="/todos.css">
  <main>
    ${main}
  </main>
</html>
`
}

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}
