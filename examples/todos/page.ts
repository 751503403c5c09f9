/** The page of examples without a framework whose browser sends SQL. */
import { loginHtml, startHtml, todosHtml } from './html'
import { addTodo, deleteTodo, listTodos, toggleTodo, type Database } from './queries'

type Enter = (email: string, password: string) => Promise<unknown>

export type Auth = {
  /** With a token that has not ended; null when nobody is signed in. */
  readonly currentUser: () => Promise<{ readonly email: string; readonly token: string } | null>
  readonly signOut: () => Promise<unknown>
} & (
  | { readonly signIn: Enter; readonly signUp: Enter }
  /** For an SDK that leads to a page of the provider. */
  | { readonly redirect: (doing: 'Sign in' | 'Sign up') => Promise<unknown> }
)

type Page = {
  readonly html: string
  /** What the forms do, by their names. */
  readonly forms?: Readonly<Record<string, (fields: FormData) => Promise<unknown>>>
}

/** @param connect as `lib/db.ts` of each example does */
export async function startPage(auth: Auth, connect: (token: string) => Database): Promise<void> {
  const main = document.querySelector('main')
  if (main === null) throw new Error('The page has no main.')
  const show = async (alert = '') => {
    const { html, forms = {} } = await pageOf(auth, connect, alert)
    main.innerHTML = html
    for (const form of main.querySelectorAll('form')) {
      form.addEventListener('submit', (event) => {
        event.preventDefault()
        void forms[form.name]?.(new FormData(form)).then(
          () => show(),
          (error: unknown) => show(error instanceof Error ? error.message : 'That did not work.'),
        )
      })
    }
  }
  window.addEventListener('hashchange', () => void show())
  await show()
}

async function pageOf(
  auth: Auth,
  connect: (token: string) => Database,
  alert: string,
): Promise<Page> {
  const user = await auth.currentUser()
  if (user !== null) return todosPage(auth, user.email, connect, alert)
  const doing = { '#sign-in': 'Sign in', '#sign-up': 'Sign up' } as const
  const asked = Object.entries(doing).find(([hash]) => hash === location.hash)?.[1]
  if (asked === undefined)
    return { html: startHtml({ 'Sign in': '#sign-in', 'Sign up': '#sign-up' }) }
  if ('redirect' in auth) {
    await auth.redirect(asked)
    return { html: '' }
  }
  const enter = asked === 'Sign in' ? auth.signIn : auth.signUp
  const submit = async (fields: FormData) => {
    await enter(text(fields, 'email'), text(fields, 'password'))
    history.replaceState(null, '', location.pathname)
  }
  return { html: loginHtml(asked, alert), forms: { enter: submit } }
}

async function todosPage(
  { currentUser, signOut }: Auth,
  email: string,
  connect: (token: string) => Database,
  alert: string,
): Promise<Page> {
  // Each statement asks for a token, for the one of before may have ended.
  const db = async () => connect((await currentUser())?.token ?? '')
  return {
    html: todosHtml(email, await listTodos(await db()), alert),
    forms: {
      'sign-out': signOut,
      add: async (fields) => addTodo(await db(), text(fields, 'task')),
      toggle: async (fields) => toggleTodo(await db(), text(fields, 'id')),
      delete: async (fields) => deleteTodo(await db(), text(fields, 'id')),
    },
  }
}

function text(fields: FormData, name: string): string {
  const value = fields.get(name)
  return typeof value === 'string' ? value : ''
}
