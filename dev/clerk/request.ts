/** Reads an HTTP request as Clerk's APIs understand it; whatever is malformed is a 4xx. */
import type { IncomingMessage } from 'node:http'
import type { z } from 'zod'
import { ClerkError } from './errors'
import { pageOrigin } from './origin'

export type ClerkRequest = {
  method: string
  path: string
  /** What the `:names` of the route matched. */
  params: Readonly<Record<string, string>>
  query: URLSearchParams
  headers: IncomingMessage['headers']
  /** The fields of a form or of a JSON object. */
  body: unknown
  /** The origin of the requesting page, for `azp`. */
  pageOrigin: string
}

const MAX_BODY_BYTES = 64 * 1024

/** @throws ClerkError for a body that is too large or cannot be read. */
export async function readRequest(message: IncomingMessage): Promise<ClerkRequest> {
  const origin = pageOrigin(message.headers)
  const url = requestUrl(message.url ?? '/')
  return {
    method: intendedMethod(message.method ?? 'GET', url),
    path: url.pathname,
    params: {},
    query: url.searchParams,
    headers: message.headers,
    body: parseBody(message.headers['content-type'] ?? '', await readBody(message)),
    pageOrigin: origin,
  }
}

/**
 * The fields that `schema` names, out of a form, a JSON object or a query.
 * @throws ClerkError that names the first field that is missing or wrong.
 */
export function parseFields<T>(schema: z.ZodType<T>, fields: unknown): T {
  const result = schema.safeParse(fields, { reportInput: true })
  if (result.success) return result.data
  const issue = result.error.issues[0]
  const param = String(issue?.path[0] ?? 'body')
  throw issue?.input === undefined
    ? new ClerkError(422, 'form_param_missing', `Enter ${param}.`, param)
    : new ClerkError(422, 'form_param_format_invalid', `${param} is invalid.`, param)
}

/** clerk-js sends every change as a POST, which needs no CORS preflight. */
function intendedMethod(method: string, url: URL): string {
  const intended = url.searchParams.get('_method')
  return method === 'POST' && intended !== null ? intended.toUpperCase() : method
}

function requestUrl(target: string): URL {
  // The origin-form only (RFC 9112 section 3.2.1): an absolute target would replace the base.
  if (target.startsWith('/') && URL.canParse(`http://localhost${target}`)) {
    return new URL(`http://localhost${target}`)
  }
  throw new ClerkError(400, 'request_body_invalid', 'The address of the request is malformed.')
}

async function readBody(message: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  // The connection stays open, so that a client that sent too much still gets an answer.
  const body: AsyncIterable<Buffer> = message.iterator({ destroyOnReturn: false })
  for await (const chunk of body) {
    size += chunk.length
    if (size > MAX_BODY_BYTES) {
      throw new ClerkError(413, 'request_body_too_large', 'The request is too large.')
    }
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

function parseBody(contentType: string, text: string): unknown {
  if (!contentType.startsWith('application/json'))
    return Object.fromEntries(new URLSearchParams(text))
  if (text === '') return {}
  try {
    return JSON.parse(text)
  } catch {
    throw new ClerkError(400, 'request_body_invalid', 'The request is not valid JSON.')
  }
}
