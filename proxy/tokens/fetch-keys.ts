/** Reads a JWKS document over HTTP, with limits on time and size, and without following redirects. */
import type { JWK } from 'jose'
import { z } from 'zod'

const TIMEOUT_MS = 5_000
const MAX_BYTES = 256 * 1024

const documentSchema = z.object({ keys: z.array(z.unknown()) })
const keySchema = z.looseObject({
  kty: z.string(),
  kid: z.string().optional(),
  use: z.string().optional(),
  alg: z.string().optional(),
  crv: z.string().optional(),
  key_ops: z.array(z.string()).optional(),
})

export type FetchKeys = (url: string) => Promise<JWK[]>

/** @throws Error with a sentence fit for a log; keys that cannot be read are skipped one by one */
export const fetchKeys: FetchKeys = async (url) => {
  const response = await fetch(url, {
    headers: { accept: 'application/json' },
    redirect: 'manual',
    signal: AbortSignal.timeout(TIMEOUT_MS),
  })
  if (response.status !== 200) {
    await response.body?.cancel()
    throw new Error(`${url} answered with status ${response.status} and not 200`)
  }
  const text = await readText(response, url)
  const document = documentSchema.safeParse(parseJson(text, url))
  if (!document.success) throw new Error(`${url} did not answer with a list of keys`)
  return document.data.keys.flatMap((key) => {
    const parsed = keySchema.safeParse(key)
    return parsed.success ? [parsed.data as JWK] : []
  })
}

async function readText(response: Response, url: string): Promise<string> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  if (response.body === null) return ''
  for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
    bytes += chunk.length
    // Leaving the loop cancels the body.
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
