/**
 * Fetches a provider's JSON document: over https (http only on this machine), never from a private
 * address, with limits on time and size, and without redirects or web proxies.
 */
import type { LookupAddress } from 'node:dns'
import { request as httpRequest, type IncomingMessage } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { isIP } from 'node:net'
import {
  AddressRefused,
  checkedLookup,
  mayReach,
  namesLoopback,
  refusal,
  type Reach,
} from './addresses'

const TIMEOUT_MS = 5_000
const MAX_BYTES = 256 * 1024

export type FetchOptions = {
  /** Whether the provider may be in a private network (RFC 1918, RFC 4193). */
  readonly privateNetwork?: boolean
  /** For tests, like the next one: the time limit for the whole document. */
  readonly timeoutMs?: number
  /** DNS lookup. */
  readonly lookup?: (name: string) => Promise<LookupAddress[]>
}

/** Keys over plain HTTP could be replaced in transit, unless they never leave this machine. */
export function isKeyUrl(text: string): boolean {
  if (!URL.canParse(text)) return false
  const { protocol, hostname, username, password } = new URL(text)
  if (username !== '' || password !== '') return false
  return protocol === 'https:' || (protocol === 'http:' && namesLoopback(hostname))
}

/** @throws Error with a sentence fit for a log */
export async function fetchJson(url: string, options: FetchOptions = {}): Promise<unknown> {
  if (!isKeyUrl(url)) throw new Error(`${url} is not an https:// URL`)
  const response = await get(new URL(url), options).catch((error: unknown) => {
    throw explained(error, url)
  })
  if (response.statusCode !== 200) {
    response.destroy()
    throw new Error(`${url} answered with status ${response.statusCode ?? 0} and not 200`)
  }
  const text = await readText(response, url).catch((error: unknown) => {
    throw explained(error, url)
  })
  return parseJson(text, url)
}

function get(
  url: URL,
  { privateNetwork = false, timeoutMs = TIMEOUT_MS, lookup }: FetchOptions,
): Promise<IncomingMessage> {
  const reach: Reach = namesLoopback(url.hostname)
    ? 'loopback'
    : privateNetwork
      ? 'public or private'
      : 'public'
  // A literal address is not resolved, so it is checked here.
  const literal = url.hostname.replace(/^\[|\]$/g, '')
  if (isIP(literal) !== 0 && !mayReach(literal, reach)) {
    return Promise.reject(new AddressRefused(refusal(url.hostname)))
  }
  const send = url.protocol === 'https:' ? httpsRequest : httpRequest
  return new Promise((resolve, reject) => {
    send(url, {
      // A new connection: a pooled one may have been opened under other rules.
      agent: false,
      headers: { accept: 'application/json', 'user-agent': 'sql-proxy' },
      lookup: checkedLookup(reach, lookup),
      signal: AbortSignal.timeout(timeoutMs),
    })
      .on('response', resolve)
      .on('error', reject)
      .end()
  })
}

async function readText(response: IncomingMessage, url: string): Promise<string> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of response as AsyncIterable<Uint8Array>) {
    bytes += chunk.length
    // Leaving the loop closes the connection.
    if (bytes > MAX_BYTES) throw new Error(`${url} answered with more than ${MAX_BYTES} bytes`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

function parseJson(text: string, url: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new Error(`${url} did not answer with JSON`)
  }
}

function explained(error: unknown, url: string): Error {
  const { name, message, code } = error as NodeJS.ErrnoException
  if (name === 'AddressRefused' || message.startsWith(url)) return error as Error
  if (name === 'AbortError' || name === 'TimeoutError') {
    return new Error(`${url} did not answer in time`)
  }
  return new Error(`${url} cannot be reached (${code ?? message})`)
}
