/** Fetches a provider's keys, from a URL or by OpenID Connect Discovery. */
import type { JWK } from 'jose'
import { z } from 'zod'
import { namesLoopback } from './addresses'
import { fetchJson, isKeyUrl, type FetchOptions } from './fetch-json'

const documentSchema = z.object({ keys: z.array(z.unknown()) })
const keySchema = z.looseObject({
  kty: z.string(),
  kid: z.string().optional(),
  use: z.string().optional(),
  alg: z.string().optional(),
  crv: z.string().optional(),
  key_ops: z.array(z.string()).optional(),
})
// https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderMetadata
const discoverySchema = z.object({ issuer: z.string(), jwks_uri: z.string() })

export type FetchKeys = (url: string, options?: FetchOptions) => Promise<JWK[]>

/** @throws Error with a message that is safe to log; unreadable keys are skipped one by one */
export const fetchKeys: FetchKeys = async (url, options) => {
  const keys = parseKeys(await fetchJson(url, options))
  if (keys === undefined) throw new Error(`${url} did not answer with a list of keys`)
  return keys
}

/** @returns undefined when it is not a key set */
export function parseKeys(document: unknown): JWK[] | undefined {
  return documentSchema.safeParse(document).data?.keys.flatMap((key) => {
    const parsed = keySchema.safeParse(key)
    return parsed.success ? [parsed.data as JWK] : []
  })
}

/** The URL of an issuer's metadata (OpenID Connect Discovery, section 4). */
export function discoveryUrl(issuer: string): string {
  return `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`
}

/**
 * Asks an issuer where its keys are.
 * @throws Error with a message that is safe to log
 */
export async function discoverJwksUrl(issuer: string, options?: FetchOptions): Promise<string> {
  return jwksUrlIn(await fetchJson(discoveryUrl(issuer), options), issuer)
}

/** @throws Error when the document belongs to another issuer, or names no acceptable URL for keys */
export function jwksUrlIn(json: unknown, issuer: string): string {
  const url = discoveryUrl(issuer)
  const document = discoverySchema.safeParse(json).data
  if (document === undefined) {
    throw new Error(`${url} does not say where the keys are ("issuer" and "jwks_uri")`)
  }
  // Section 4.3: otherwise another issuer's document could be used.
  if (document.issuer !== issuer) {
    throw new Error(`${url} speaks for another issuer; "issuer" must equal it to the letter`)
  }
  const jwksUrl = document.jwks_uri
  if (!isKeyUrl(jwksUrl) || leadsHome(jwksUrl, issuer)) {
    throw new Error(`${url} names a "jwks_uri" that is not an https:// URL`)
  }
  return jwksUrl
}

/** A remote issuer must not direct us to a server on this machine. */
function leadsHome(jwksUrl: string, issuer: string): boolean {
  return namesLoopback(new URL(jwksUrl).hostname) && !namesLoopback(new URL(issuer).hostname)
}
