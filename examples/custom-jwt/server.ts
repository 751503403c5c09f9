/** The app: plain Node and plain pages. The browser keeps the id of a session; its tokens stay here. */
import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createServer, type IncomingMessage } from 'node:http'
import { decodeJwt } from 'jose'
import { addTodo, deleteTodo, listTodos, toggleTodo } from '../todos/queries'
import { fresh, signIn, signOut, signUp, type Session } from './lib/auth'
import { connect } from './lib/db'
import { loginPage, startPage, todosPage } from './pages'

const PORT = Number(process.env.PORT ?? 3000)
const ORIGIN = `http://localhost:${PORT}`
const STYLES = readFileSync(new URL('../todos/todos.css', import.meta.url))
const COOKIE = 'custom-jwt-session'
const MAX_FORM_CHARACTERS = 10_000

/** Each request waits for the one before, so that a refresh token is used once. */
const sessions = new Map<string, Promise<Session>>()

type Answer = { status?: number; headers?: Record<string, string>; body?: string | Buffer }

const to = (location: string, headers = {}): Answer => ({
  ...{ status: 303, headers: { location, ...headers } },
})
const cookie = (value: string, rest = '') => ({
  'set-cookie': `${COOKIE}=${value}; Path=/; HttpOnly; SameSite=Lax${rest}`,
})

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

async function answer(request: IncomingMessage): Promise<Answer> {
  const { pathname } = new URL(request.url ?? '/', ORIGIN)
  if (request.method === 'GET') {
    if (pathname === '/todos.css') return { headers: { 'content-type': 'text/css' }, body: STYLES }
    if (pathname === '/') return { body: await home(idOf(request)) }
    if (pathname === '/sign-in' || pathname === '/sign-up') return { body: loginPage(pathname) }
  }
  if (request.method !== 'POST') return { status: 404, body: 'There is no such page.' }
  // A form of another site would come with this browser's cookie, too, if that site were on localhost.
  if (request.headers.origin !== ORIGIN) return { status: 403, body: 'That came from elsewhere.' }
  return change(pathname, idOf(request), await formOf(request))
}

async function home(id: string): Promise<string> {
  const session = await current(id)
  if (!session) return startPage()
  return todosPage(emailOf(session), await listTodos(connect(session.token)))
}

async function change(path: string, id: string, form: URLSearchParams): Promise<Answer> {
  const field = (name: string) => form.get(name) ?? ''
  if (path === '/sign-in' || path === '/sign-up') {
    const enter = path === '/sign-in' ? signIn : signUp
    try {
      const session = await enter(field('email'), field('password'))
      const newId = randomUUID()
      sessions.set(newId, Promise.resolve(session))
      return to('/', cookie(newId))
    } catch (error) {
      const why = error instanceof Error ? error.message : 'That did not work.'
      return { status: 422, body: loginPage(path, why, field('email')) }
    }
  }
  const session = await current(id)
  if (!session) return to('/')
  const db = connect(session.token)
  if (path === '/sign-out') {
    sessions.delete(id)
    await signOut(session)
    return to('/', cookie('', '; Max-Age=0'))
  }
  if (path === '/add') await addTodo(db, field('task'))
  else if (path === '/toggle') await toggleTodo(db, field('id'))
  else if (path === '/delete') await deleteTodo(db, field('id'))
  else return { status: 404, body: 'There is no such page.' }
  return to('/')
}

/** The session with a token that has not ended; undefined for none, and for one that is over. */
async function current(id: string): Promise<Session | undefined> {
  const next = sessions.get(id)?.then(fresh)
  if (!next) return undefined
  sessions.set(id, next)
  return next.catch(() => {
    sessions.delete(id)
    return undefined
  })
}

function idOf({ headers }: IncomingMessage): string {
  return new RegExp(`(?:^|; )${COOKIE}=([^;]+)`).exec(headers.cookie ?? '')?.[1] ?? ''
}

function emailOf({ token }: Session): string {
  return String(decodeJwt(token).email)
}

async function formOf(request: IncomingMessage): Promise<URLSearchParams> {
  let text = ''
  for await (const chunk of request.setEncoding('utf8')) {
    text += String(chunk)
    if (text.length > MAX_FORM_CHARACTERS) throw new Error('A form was too long.')
  }
  return new URLSearchParams(text)
}
