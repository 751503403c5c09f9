/** Authorization codes: good once, for a minute, and only with the proof that was announced for them (PKCE, RFC 7636). */
import { createHash, randomBytes } from 'node:crypto'
import { Refusal } from './refusal'
import type { User } from './state'

export type Grant = {
  readonly user: User
  readonly clientId: string
  readonly redirectUri: string
  /** S256; undefined where the client did not announce one. */
  readonly challenge: string | undefined
  readonly nonce: string | undefined
  readonly scope: string
}

export type Codes = {
  readonly issue: (grant: Grant) => string
  /** @throws Refusal (invalid_grant) for a code that is unknown, used, late, or another client's */
  readonly redeem: (code: string, proof: Proof) => Grant
}

export type Proof = {
  readonly clientId: string
  readonly redirectUri: string | undefined
  readonly verifier: string | undefined
}

const CODE_SECONDS = 60

/** @param now seconds since 1970 */
export function openCodes(now: () => number): Codes {
  const open = new Map<string, { grant: Grant; until: number }>()
  return {
    issue: (grant) => {
      const code = randomBytes(24).toString('base64url')
      open.set(code, { grant, until: now() + CODE_SECONDS })
      return code
    },
    redeem: (code, { clientId, redirectUri, verifier }) => {
      const issued = open.get(code)
      open.delete(code)
      const isGood =
        issued !== undefined &&
        now() <= issued.until &&
        issued.grant.clientId === clientId &&
        (redirectUri === undefined || issued.grant.redirectUri === redirectUri) &&
        issued.grant.challenge === (verifier === undefined ? undefined : challengeOf(verifier))
      if (!isGood) throw new Refusal('invalid_grant', 'That code does not count.')
      return issued.grant
    },
  }
}

/** As a client announces its verifier (`code_challenge_method` S256). */
export function challengeOf(verifier: string): string {
  return createHash('sha256').update(verifier).digest('base64url')
}
