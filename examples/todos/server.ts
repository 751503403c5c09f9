/** The server of examples in plain Node, whose backend sends SQL. A browser keeps the id of a session; its tokens stay here. */
import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createServer, type IncomingMessage } from 'node:http'
import { loginHtml, startHtml, todosHtml } from './html'
import { addTodo, deleteTodo, listTodos, toggleTodo, type Database } from './queries'

export type Auth<Session> = {
  readonly userOf: (session: Session) => { readonly email: string; readonly token: string }
  /** The session with a token that has not ended; rejects for one that is over. */
  readonly fresh: (session: Session) => Promise<Session>
  readonly signOut: (session: Session) => Promise<unknown>
} & (
  | { readonly signIn: Enter<Session>; readonly signUp: Enter<Session> }
  /** For an SDK that leads to a page of the provider, and back to /callback. `state` binds the two. */
  | {
      readonly redirect: (state: string) => Promise<string>
      readonly callback: (state: string, query: URLSearchParams) => Promise<Session>
    }
)

type Enter<Session> = (email: string, password: string) => Promise<Session>
type Answer = { status?: number; headers?: Record<string, string>; body?: string | Buffer }

const PORT = Number(process.env.PORT ?? 3000)
const ORIGIN = `http://localhost:${PORT}`
const STYLES = readFileSync(new URL('./todos.css', import.meta.url))
const MAX_FORM_CHARACTERS = 10_000
const DOING = { '/sign-in': 'Sign in', '/sign-up': 'Sign up' } as const

/** @param connect as `lib/db.ts` of each example does */
export function serveTodos<Session>(auth: Auth<Session>, connect: (token: string) => Database) {
  /** Each request waits for the one before, so that a refresh token is used once. */
  const sessions = new Map<string, Promise<Session>>()

  const enter = (session: Session): Answer => {
    const id = randomUUID()
    sessions.set(id, Promise.resolve(session))
    return to('/', cookie(id))
  }

  const current = async (id: string): Promise<Session | undefined> => {
    const next = sessions.get(id)?.then((session) => auth.fresh(session))
    if (!next) return undefined
    sessions.set(id, next)
    return next.catch(() => {
      sessions.delete(id)
      return undefined
    })
  }

  const show = async ({ pathname, searchParams }: URL, id: string): Promise<Answer> => {
    if (pathname === '/todos.css') return { headers: { 'content-type': 'text/css' }, body: STYLES }
    const doing = Object.entries(DOING).find(([path]) => path === pathname)?.[1]
    if ('redirect' in auth) {
      // The browser that comes back has to be the one that left.
      const state = randomUUID()
      if (doing === 'Sign in') return to(await auth.redirect(state), cookie(state))
      if (pathname === '/callback' && searchParams.get('state') === id) {
        return enter(await auth.callback(id, searchParams))
      }
    } else if (doing) return page(loginHtml(doing))
    if (pathname !== '/') return { status: 404, body: 'There is no such page.' }
    const session = await current(id)
    const ways = 'redirect' in auth ? {} : { 'Sign up': '/sign-up' }
    if (!session) return page(startHtml({ 'Sign in': '/sign-in', ...ways }))
    const { email, token } = auth.userOf(session)
    return page(todosHtml(email, await listTodos(connect(token))))
  }

  const change = async (path: string, id: string, form: URLSearchParams): Promise<Answer> => {
    const field = (name: string) => form.get(name) ?? ''
    if ('signIn' in auth && (path === '/sign-in' || path === '/sign-up')) {
      const log = path === '/sign-in' ? auth.signIn : auth.signUp
      try {
        return enter(await log(field('email'), field('password')))
      } catch (error) {
        const why = error instanceof Error ? error.message : 'That did not work.'
        return page(loginHtml(DOING[path], why, field('email')), 422)
      }
    }
    const session = await current(id)
    if (!session) return to('/')
    if (path === '/sign-out') {
      sessions.delete(id)
      await auth.signOut(session)
      return to('/', cookie('', '; Max-Age=0'))
    }
    const db = connect(auth.userOf(session).token)
    if (path === '/add') await addTodo(db, field('task'))
    else if (path === '/toggle') await toggleTodo(db, field('id'))
    else if (path === '/delete') await deleteTodo(db, field('id'))
    else return { status: 404, body: 'There is no such page.' }
    return to('/')
  }

  const answer = async (request: IncomingMessage): Promise<Answer> => {
    const url = new URL(request.url ?? '/', ORIGIN)
    if (request.method === 'GET') return show(url, idOf(request))
    // A form of another site on localhost would come with this browser's cookie, too.
    if (request.headers.origin !== ORIGIN) return { status: 403, body: 'That came from elsewhere.' }
    return change(url.pathname, idOf(request), await formOf(request))
  }

  createServer((request, response) => {
    void answer(request)
      .catch((error: unknown): Answer => {
        console.error(error instanceof Error ? error.message : error)
        return { status: 500, body: 'That did not work: the terminal says why.' }
      })
      .then(({ status = 200, headers = {}, body }) => {
        const html = { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' }
        response.writeHead(status, { ...html, ...headers }).end(body)
      })
  }).listen(PORT, 'localhost', () => {
    console.log(`The app is at ${ORIGIN}`)
  })
}

const page = (main: string, status = 200): Answer => ({
  status,
  body: `<!doctype html>
<html lang="en">
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width">
  <title>Todos</title>
  <link rel="stylesheet" href="/todos.css">
  <link rel="icon" href="data:,">
  <main>
    ${main}
  </main>
</html>
`,
})

const to = (location: string, headers = {}): Answer => ({
  ...{ status: 303, headers: { location, ...headers } },
})

/** Cookies of localhost are the same on each port. */
const COOKIE = `session-${PORT}`
const cookie = (value: string, rest = '') => ({
  'set-cookie': `${COOKIE}=${value}; Path=/; HttpOnly; SameSite=Lax${rest}`,
})

function idOf({ headers }: IncomingMessage): string {
  return new RegExp(`(?:^|; )${COOKIE}=([^;]+)`).exec(headers.cookie ?? '')?.[1] ?? ''
}

async function formOf(request: IncomingMessage): Promise<URLSearchParams> {
  let text = ''
  for await (const chunk of request.setEncoding('utf8')) {
    text += String(chunk)
    if (text.length > MAX_FORM_CHARACTERS) throw new Error('A form was too long.')
  }
  return new URLSearchParams(text)
}
