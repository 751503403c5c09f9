/** The address of a share link. Its secret stands in the fragment, which no browser sends to a server. */

/** 32 bytes as base64url, as db/queries/link-secret.ts makes them. */
const FRAGMENT = /^#([\w-]{43})$/

export function joinAddress(origin: string, listId: string, secret: string): string {
  return `${origin}/join/${listId}#${secret}`
}

/** @returns the secret in a fragment such as `#…`; null if there is none */
export function secretIn(fragment: string): string | null {
  return FRAGMENT.exec(fragment)?.[1] ?? null
}
