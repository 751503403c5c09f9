/**
 * Passes on to the lab's service what its rooms ask, and nothing that another site's page asks. Where the lab is off,
 * there is nothing here.
 */
import { appOrigin } from '@/lib/app-origin'
import { readVariable } from '@/lib/read-variable'
import { isLabOn, labUrl } from '../../lab-env'

const MAX_BYTES = 256 * 1024
/** Making a world takes a second, and the longest statement three. */
const TIMEOUT_MS = 30_000

type Context = { params: Promise<{ path: string[] }> }

async function passOn(request: Request, { params }: Context): Promise<Response> {
  if (!isLabOn()) return refuse(404, 'The lab is off.')
  if (!isFromHere(request)) return refuse(403, 'Only pages of this app may ask.')
  const path = (await params).path.join('/')
  if (!/^[a-z0-9/-]{1,100}$/.test(path)) return refuse(404, 'The lab has no such thing.')
  const body = request.method === 'POST' ? await request.text() : null
  if (body !== null && body.length > MAX_BYTES) return refuse(413, 'The request is too long.')
  try {
    const answer = await fetch(`${labUrl()}/${path}`, {
      method: request.method,
      body,
      signal: AbortSignal.any([request.signal, AbortSignal.timeout(TIMEOUT_MS)]),
    })
    return new Response(answer.body, { status: answer.status, headers: HEADERS })
  } catch {
    return refuse(503, 'The lab does not answer. `npm run up` starts it, or say LAB=off.')
  }
}

export { passOn as DELETE, passOn as GET, passOn as POST }

const HEADERS = { 'content-type': 'application/json', 'cache-control': 'no-store' }

/** Browsers say so: in Sec-Fetch-Site with every request, and in Origin with one that changes something. */
function isFromHere({ headers }: Request): boolean {
  const origin = headers.get('origin')
  if (origin !== null)
    return origin === readVariable('APP_ORIGIN', process.env.APP_ORIGIN, appOrigin)
  return headers.get('sec-fetch-site') === 'same-origin'
}

function refuse(status: number, error: string): Response {
  return new Response(JSON.stringify({ error }), { status, headers: HEADERS })
}
