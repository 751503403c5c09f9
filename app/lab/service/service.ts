/**
 * The lab's service over HTTP. It lets its callers act as any user of a scratch database, so only programs of this
 * machine reach it: it listens on the loopback address, and refuses what a browser sends for a page.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { LabError } from './client'
import { openDatabases } from './databases'
import { createIssuer } from './issuer'
import { Measurements } from './measure'
import { findRoute, type Parts } from './routes'
import { makeWorld } from './world'
import { NoWorld, Worlds } from './worlds'

const HOST = '127.0.0.1'
const MAX_BYTES = 256 * 1024

export type Service = {
  readonly url: string
  /** Drops every world. */
  readonly close: () => Promise<void>
}

/**
 * @param serverUrl a superuser's connection string to a server of the lab's own
 * @throws LabError when the server has a database that is not the lab's
 */
export async function startService(serverUrl: string, port: number): Promise<Service> {
  let parts: Parts | undefined
  const server = createServer((request, response) => {
    void respond(request, response, parts)
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, HOST, resolve)
  })
  const close = async () => {
    server.closeAllConnections()
    server.close()
    await parts?.measurements.close()
    await parts?.worlds.close()
  }
  const address = server.address()
  const url = `http://${HOST}:${typeof address === 'object' ? (address?.port ?? port) : port}`
  try {
    const databases = await openDatabases(serverUrl)
    const issuer = createIssuer(url)
    parts = {
      issuer,
      names: databases.names,
      worlds: new Worlds((missing) => makeWorld(databases, issuer, missing), databases.tooLarge),
      measurements: new Measurements(databases),
    }
    return { url, close }
  } catch (error) {
    await close()
    throw error
  }
}

async function respond(
  request: IncomingMessage,
  response: ServerResponse,
  parts: Parts | undefined,
): Promise<void> {
  const [status, body] = await answer(request, parts)
  response.writeHead(status, {
    'content-type': 'application/json',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  })
  response.end(JSON.stringify(body))
}

type Answer = readonly [status: number, body: unknown]

async function answer(request: IncomingMessage, parts: Parts | undefined): Promise<Answer> {
  if (parts === undefined) return refuse(503, 'The lab is starting.')
  const path = request.url ?? ''
  const method = request.method ?? ''
  if (!isFromThisMachine(request)) return refuse(403, 'Only programs of this machine may ask.')
  if (method === 'GET' && path === '/.well-known/jwks.json') return [200, parts.issuer.jwks()]
  const found = findRoute(method, path)
  if (found === undefined) return refuse(404, 'The lab has no such thing.')
  try {
    const body = method === 'POST' ? await readJson(request) : undefined
    return [200, await found.route.answer(parts, found.id, body)]
  } catch (error) {
    return refusalOf(error)
  }
}

/** Browsers send Origin with what pages ask of other sites, and the name of a site that points here as Host. */
function isFromThisMachine({ headers }: IncomingMessage): boolean {
  return (
    headers.origin === undefined &&
    headers['sec-fetch-site'] === undefined &&
    /^(127\.0\.0\.1|localhost):\d+$/.test(headers.host ?? '')
  )
}

/** @throws LabError */
async function readJson(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of request) {
    if (!Buffer.isBuffer(chunk)) continue
    bytes += chunk.length
    if (bytes > MAX_BYTES) throw new LabError(`A request may have ${MAX_BYTES} bytes.`)
    chunks.push(chunk)
  }
  const text = Buffer.concat(chunks).toString('utf8')
  if (text === '') return {}
  try {
    return JSON.parse(text)
  } catch {
    throw new LabError('The request is not JSON.')
  }
}

/** Nothing of an unexpected error goes out: it may quote SQL or a connection string. */
function refusalOf(error: unknown): Answer {
  if (error instanceof NoWorld) return refuse(404, error.message)
  if (error instanceof LabError) return refuse(400, error.message)
  return refuse(500, 'The lab could not do that.')
}

function refuse(status: number, error: string): Answer {
  return [status, { error }]
}
