/** The markup of examples without a framework. What people typed is escaped. */
import type { Todo } from './queries'

export type Doing = 'Sign in' | 'Sign up'

/** @param ways where each leads, such as `#sign-in` or `/sign-up` */
export function startHtml(ways: Readonly<Partial<Record<Doing, string>>>, alert = ''): string {
  const links = Object.entries(ways).map(([doing, href]) => `<a href="${href}">${doing}</a>`)
  return `<h1>Todos</h1>${alertHtml(alert)}<p>${links.join(' or ')}</p>`
}

export function loginHtml(doing: Doing, alert = '', email = ''): string {
  return `<h1>${doing}</h1>${alertHtml(alert)}
    <form name="enter" method="post">
      <label>Email <input name="email" type="email" required value="${escape(email)}"></label>
      <label>Password <input name="password" type="password" required></label>
      <button>${doing}</button>
    </form>`
}

export function todosHtml(email: string, todos: readonly Todo[], alert = ''): string {
  return `<header>
      <h1>Todos</h1>
      <p>${escape(email)}</p>
      <form name="sign-out" method="post" action="/sign-out"><button>Sign out</button></form>
    </header>${alertHtml(alert)}
    <form name="add" method="post" action="/add">
      <input name="task" aria-label="New todo" required maxlength="500">
      <button>Add</button>
    </form>
    <ul aria-label="Todos">${todos.map(itemHtml).join('')}</ul>`
}

function itemHtml({ id, task, isComplete }: Todo): string {
  const name = escape(task)
  const hidden = `<input type="hidden" name="id" value="${id}">`
  return `<li>
      <form name="toggle" method="post" action="/toggle">${hidden}
        <button role="checkbox" aria-checked="${String(isComplete)}" aria-label="${name}"></button>
      </form>
      <span>${name}</span>
      <form name="delete" method="post" action="/delete">${hidden}
        <button aria-label="Delete ${name}">Delete</button>
      </form>
    </li>`
}

const alertHtml = (alert: string) => (alert === '' ? '' : `<p role="alert">${escape(alert)}</p>`)

function escape(value: string): string {
  return value.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}
