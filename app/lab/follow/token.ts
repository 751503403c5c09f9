/** What is done to a session token in this room: shown in short, or forged. */

/** Bob’s claims under another user’s signature. */
export function forged(token: string, sub: string): string {
  const [header = '', claims = '', signature = ''] = token.split('.')
  const changed = JSON.stringify({ ...claimsIn(claims), sub })
  return [header, toBase64Url(changed), signature].join('.')
}

/** Too little of it to be used. */
export function shortSignature(token: string): string {
  const [, , signature = ''] = token.split('.')
  return `${signature.slice(0, 12)}… (${signature.length} characters)`
}

function claimsIn(part: string): Record<string, unknown> {
  const bytes = Uint8Array.from(atob(part.replaceAll('-', '+').replaceAll('_', '/')), (char) =>
    char.charCodeAt(0),
  )
  return JSON.parse(new TextDecoder().decode(bytes)) as Record<string, unknown>
}

function toBase64Url(text: string): string {
  const bytes = new TextEncoder().encode(text)
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '')
}
