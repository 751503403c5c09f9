/**
 * An HTTP server for a laptop: it listens on loopback, answers the routes that it was given, and refuses all else
 * with a sentence. It takes requests of its own pages and of the app's, and of no other site.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { UserError } from '../../dev/user-error'
import { Refusal } from './refusal'

export type Params = Readonly<Record<string, string>>
export type Handler = (request: Request, params: Params) => Response | Promise<Response>
type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
/** By method and path, as in `POST /users/:id`. */
export type Routes = Readonly<Partial<Record<`${Method} /${string}`, Handler>>>

export type ServerOptions = {
  /** In messages, such as “The stand-in for Auth0”. */
  readonly name: string
  /** 0 for any free one. */
  readonly port: number
  /** Its pages may call from a browser, with cookies. */
  readonly appOrigin: string
  readonly routes: (origin: string) => Routes | Promise<Routes>
  /** An error in the shape that the provider's SDK reads. */
  readonly refuse: (refusal: Refusal) => Response
}

export type Server = { readonly origin: string; readonly stop: () => Promise<void> }

const HOST = '127.0.0.1'
const MAX_BODY_BYTES = 64 * 1024

/** @throws UserError when the port is taken */
export async function startServer(options: ServerOptions): Promise<Server> {
  const server = createServer()
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const isTaken = error.code === 'EADDRINUSE'
      reject(isTaken ? new UserError(`${options.name}: port ${options.port} is taken.`) : error)
    })
    server.listen(options.port, HOST, resolve)
  })
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : options.port
  // By name: some SDKs take http for “localhost” only.
  const origin = `http://localhost:${port}`
  const routes = await options.routes(origin)
  server.on('request', (message, response) => {
    void answer({ ...options, origin }, routes, message).then((reply) => write(response, reply))
  })
  return {
    origin,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve()
        })
        server.closeAllConnections()
      }),
  }
}

type Site = ServerOptions & { readonly origin: string }

async function answer(site: Site, routes: Routes, message: IncomingMessage): Promise<Response> {
  const cors = new Headers({
    'access-control-allow-origin': site.appOrigin,
    'access-control-allow-credentials': 'true',
    'cache-control': 'no-store',
    vary: 'origin',
  })
  let reply: Response
  try {
    reply = await route(site, routes, message, cors)
  } catch (error) {
    reply = site.refuse(asRefusal(site, error))
  }
  for (const [name, value] of cors) if (!reply.headers.has(name)) reply.headers.set(name, value)
  return reply
}

async function route(site: Site, routes: Routes, message: IncomingMessage, cors: Headers) {
  refuseStrangers(site, message)
  const url = new URL(message.url ?? '/', site.origin)
  if (url.origin !== site.origin) throw new Refusal('invalid_request', 'That address is malformed.')
  if (message.method === 'OPTIONS') {
    cors.set('access-control-allow-methods', 'GET, POST, PUT, PATCH, DELETE')
    const asked = message.headers['access-control-request-headers']
    if (asked !== undefined) cors.set('access-control-allow-headers', asked)
    return new Response(null, { status: 204 })
  }
  const method = message.method ?? 'GET'
  for (const [pattern, handle] of Object.entries(routes)) {
    const params = handle && match(pattern, `${method} ${url.pathname}`)
    if (params) return new Response(...copied(await handle(await read(message, url), params)))
  }
  throw new Refusal('not_found', `${site.name} does not answer ${method} ${url.pathname}.`)
}

/** Another site could send forms and, by a name that resolves to this machine, read the answers. */
function refuseStrangers({ origin, appOrigin }: Site, { headers }: IncomingMessage) {
  const { port } = new URL(origin)
  if (headers.host !== `localhost:${port}` && headers.host !== `${HOST}:${port}`) {
    throw new Refusal('forbidden', `This server answers at ${origin} only.`)
  }
  const from = headers.origin
  if (from !== undefined && from !== origin && from !== appOrigin) {
    throw new Refusal('forbidden', `This server answers pages of ${appOrigin} only.`)
  }
}

function asRefusal({ name }: Site, error: unknown): Refusal {
  if (error instanceof Refusal) return error
  // Only the message: other parts of an error may hold a password.
  console.error(`${name} failed: ${error instanceof Error ? error.message : 'unknown'}`)
  return new Refusal('server_error', `${name} failed; its terminal says why.`)
}

function match(pattern: string, target: string): Params | undefined {
  const names = pattern.split('/')
  const values = target.split('/')
  if (names.length !== values.length) return undefined
  const params: Record<string, string> = {}
  for (const [index, name] of names.entries()) {
    const value = values[index] ?? ''
    if (name.startsWith(':')) params[name.slice(1)] = value
    else if (name !== value) return undefined
  }
  return params
}

async function read(message: IncomingMessage, url: URL): Promise<Request> {
  const headers = new Headers()
  for (const [name, value] of Object.entries(message.headers)) {
    for (const one of [value ?? []].flat()) headers.append(name, one)
  }
  const method = message.method ?? 'GET'
  if (method === 'GET') return new Request(url, { headers })
  const chunks: Buffer[] = []
  let size = 0
  // The connection stays open, so that a client that sent too much still gets an answer.
  const body: AsyncIterable<Buffer> = message.iterator({ destroyOnReturn: false })
  for await (const chunk of body) {
    size += chunk.length
    if (size > MAX_BODY_BYTES) throw new Refusal('too_large', 'The request is too large.')
    chunks.push(chunk)
  }
  return new Request(url, { method, headers, body: Buffer.concat(chunks) })
}

/** `Response.redirect` makes headers that cannot be changed. */
function copied({ body, status, headers }: Response) {
  return [body, { status, headers }] as const
}

async function write(response: ServerResponse, reply: Response) {
  response.statusCode = reply.status
  for (const [name, value] of reply.headers) {
    if (name !== 'set-cookie') response.setHeader(name, value)
  }
  const cookies = reply.headers.getSetCookie()
  if (cookies.length > 0) response.setHeader('set-cookie', cookies)
  // Without kept connections, a restart cannot cut one off.
  response.setHeader('connection', 'close')
  response.end(Buffer.from(await reply.arrayBuffer()))
}
