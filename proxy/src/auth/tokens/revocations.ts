/** Sessions, users and tokens that are refused before they expire (PROXY_REVOKED). */
import { claimAt } from './claim-path'
import type { ProviderConfig } from './provider-config'

/** `kind:value`, optionally followed by a space and an issuer. */
export type Revocations = ReadonlySet<string>

export type ParsedRevocations = {
  readonly entries: Revocations
  /** Numbers of invalid lines, from 1. */
  readonly badLines: readonly number[]
}

const ENTRY = /^(sid|sub|jti):(\S+)(?:\s+(\S+))?$/

/** @param text one entry per line; `#` at the start of a line or after a space begins a comment */
function parseRevocations(text: string): ParsedRevocations {
  const entries = new Set<string>()
  const badLines: number[] = []
  for (const [i, line] of text.split(/\r?\n|\r/).entries()) {
    const entry = line.replace(/(^|\s)#.*$/, '').trim()
    if (entry === '') continue
    const [, kind, value, issuer] = ENTRY.exec(entry) ?? []
    if (kind === undefined || value === undefined) badLines.push(i + 1)
    else entries.add(issuer === undefined ? `${kind}:${value}` : `${kind}:${value} ${issuer}`)
  }
  return { entries, badLines }
}

/** @throws Error with one sentence when a line is invalid */
export function requireRevocations(text: string): Revocations {
  const { entries, badLines } = parseRevocations(text)
  if (badLines.length > 0) throw new Error(badLineSentence(badLines))
  return entries
}

/** An invalid line may be a mangled old entry, so then all old entries are kept. */
export function nextRevocations(current: Revocations, text: string) {
  const { entries, badLines } = parseRevocations(text)
  if (badLines.length === 0) {
    return { entries, sentence: `PROXY_REVOKED was read again: ${entries.size} entries.` }
  }
  return {
    entries: new Set([...current, ...entries]),
    sentence: `PROXY_REVOKED is wrong: ${badLineSentence(badLines)}; what it held before still counts, and so do its other lines.`,
  }
}

/** @param payload of a token with a valid signature */
export function isRevoked(
  payload: unknown,
  provider: Pick<ProviderConfig, 'issuer' | 'alsoIssuedAs' | 'sessionClaim' | 'userId'>,
  revocations: Revocations,
): boolean {
  if (revocations.size === 0) return false
  const claims = [
    ['sid', ['sid']],
    ['sid', provider.sessionClaim],
    ['sub', ['sub']],
    // The id in rows, if another claim holds it.
    ['sub', provider.userId],
    ['jti', ['jti']],
  ] as const
  return claims.some(([kind, path]) => {
    const value = claimAt(payload, path)
    if (typeof value !== 'string') return false
    const entry = `${kind}:${value}`
    return (
      revocations.has(entry) ||
      [provider.issuer, ...provider.alsoIssuedAs].some((iss) => revocations.has(`${entry} ${iss}`))
    )
  })
}

function badLineSentence(lines: readonly number[]): string {
  return `line ${lines.join(', ')} is not of the form sid:…, sub:… or jti:…, with an issuer after a space or not`
}
