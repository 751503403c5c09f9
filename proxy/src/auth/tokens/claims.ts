/** Checks the claims of a payload whose signature has been verified: user, issuer, audience, times. */
import { z } from 'zod'
import { ProxyError } from '../../errors'
import { claimAt } from './claim-path'
import { unwatched, type OnPassed } from './checks'
import type { ProviderConfig } from './provider-config'

/** Requirements for a provider's tokens. `issuer`, or one of its other spellings, must match exactly. */
export type ClaimRules = Pick<
  ProviderConfig,
  | 'name'
  | 'issuer'
  | 'alsoIssuedAs'
  | 'audience'
  | 'audienceClaims'
  | 'authorizedParties'
  | 'userId'
  | 'leeway'
  | 'otherTokens'
>

export type Claims = {
  /** The user's id: `sub`, or the claim that the provider's "userId" names. */
  readonly subject: string
  readonly issuer: string
  /** When the token expires, in seconds since 1970: `exp` without its fraction, plus the leeway. */
  readonly expiresAt: number
  /** When the token becomes valid, in seconds since 1970: `nbf` minus the leeway. */
  readonly validFrom: number | undefined
}

/** RFC 7519, section 2: seconds since 1970, with or without a fraction. */
export const numericDate = z.number()

/** The longest user id: OpenID Connect Core 1.0, section 2, allows 255 characters; the seal has four digits. */
const MAX_SUBJECT_LENGTH = 9_999

const NUMERIC_DATE = 'a number of seconds since 1970'
/** Registered claims and their types (RFC 7519, section 4.1; `azp`: OpenID Connect Core 1.0, section 2). */
const EXPECTED: Readonly<Record<string, string>> = {
  sub: 'a string',
  exp: NUMERIC_DATE,
  nbf: NUMERIC_DATE,
  iat: NUMERIC_DATE,
  aud: 'a string or a list of strings',
  azp: 'a string',
}
const claimsSchema = z.looseObject({
  iss: z.string(),
  sub: z.string().optional(),
  exp: numericDate.optional(),
  nbf: numericDate.optional(),
  iat: numericDate.optional(),
  aud: z.union([z.string(), z.array(z.string())]).optional(),
  azp: z.string().optional(),
})

/**
 * @param payload parsed JSON of a payload with a valid signature
 * @param now seconds since 1970
 * @throws ProxyError that names the claim and what is wrong with it
 */
export function checkClaims(
  payload: unknown,
  rules: ClaimRules,
  now: number,
  onPassed: OnPassed = unwatched,
): Claims {
  const parsed = claimsSchema.safeParse(payload)
  if (!parsed.success) throw wrongType(String(parsed.error.issues[0]?.path[0]))
  onPassed('claim types')
  const { iss, exp, nbf, azp } = parsed.data

  if (iss !== rules.issuer && !rules.alsoIssuedAs.includes(iss)) throw unknownIssuer()
  refuseOtherTokens(parsed.data, rules)
  const subject = userIdOf(payload, rules)
  onPassed('user')
  if (exp === undefined) {
    throw new ProxyError('token_claims_invalid', 'JWT token has no expiry (exp)', {
      hint: `Configure ${rules.name} to issue tokens that expire.`,
    })
  }
  const claims = {
    subject,
    issuer: rules.issuer,
    // The seal has whole seconds, so that a token expires in the proxy and in Postgres at the same time.
    expiresAt: Math.floor(exp) + rules.leeway,
    validFrom: nbf === undefined ? undefined : nbf - rules.leeway,
  }
  if (isExpired(claims, now)) {
    throw new ProxyError('token_expired', `JWT token has expired (exp=${exp})`, {
      detail: `It expired ${Math.ceil(now - exp)} s ago; ${rules.leeway} s are allowed for clocks that differ.`,
      hint: 'Get a new token: sign in again, or let the session refresh it.',
    })
  }
  onPassed('expiry')
  if (isTooEarly(claims, now)) {
    throw new ProxyError('token_not_yet_valid', `JWT token is not yet ready to use (nbf=${nbf})`, {
      hint: 'Check the clocks of this server and of the token issuer.',
    })
  }
  onPassed('not before')
  checkAudience(parsed.data, rules)
  onPassed('audience')
  checkParty(azp, rules)
  onPassed('authorized party')
  return claims
}

function refuseOtherTokens(claims: Record<string, unknown>, { otherTokens }: ClaimRules): void {
  if (!otherTokens?.isOther(claims[otherTokens.claim])) return
  const { called, claim } = otherTokens
  throw new ProxyError('token_claims_invalid', `JWT token is ${called} (${claim})`, {
    hint: 'Send the token of the session.',
  })
}

/** The rules whose result changes with time. */
export function isTimely(claims: Pick<Claims, 'expiresAt' | 'validFrom'>, now: number): boolean {
  return !isExpired(claims, now) && !isTooEarly(claims, now)
}

function isExpired({ expiresAt }: Pick<Claims, 'expiresAt'>, now: number): boolean {
  return now >= expiresAt
}

function isTooEarly({ validFrom }: Pick<Claims, 'validFrom'>, now: number): boolean {
  return validFrom !== undefined && now < validFrom
}

/** Numbers are refused as ids: 1 and "1" would be one user, and large numbers lose digits in JSON. */
function userIdOf(payload: unknown, { name, userId }: ClaimRules): string {
  const claim = userId.join('.')
  const called = claim === 'sub' ? 'subject (sub)' : `user id (${claim})`
  const value = claimAt(payload, userId)
  if (value === undefined || value === '') {
    throw new ProxyError('token_claims_invalid', `JWT token has no ${called}`, {
      hint: `Use a token that says who the user is; a machine token has no rows of its own. "userId" of ${name} in PROXY_JWT_PROVIDERS names the claim.`,
    })
  }
  if (typeof value !== 'string') throw wrongType(claim)
  const problem = subjectProblem(value)
  if (problem === undefined) return value
  throw new ProxyError(
    'token_claims_invalid',
    `JWT token has a ${called} that no row can hold: ${problem}`,
    { hint: 'The issuer must give this user another id.' },
  )
}

/** Text that Postgres can store, and of a length that fits the seal. */
function subjectProblem(text: string): string | undefined {
  if (text.includes('\0')) return 'it contains NUL'
  if (/\p{Surrogate}/u.test(text)) return 'it contains half of a character'
  if (Array.from(text).length > MAX_SUBJECT_LENGTH) {
    return `it is longer than ${MAX_SUBJECT_LENGTH} characters`
  }
  return undefined
}

/** The same rules for identities that are sealed without a token. */
export const subject = z.string().refine((text) => subjectProblem(text) === undefined)

function checkAudience(claims: Record<string, unknown>, rules: ClaimRules): void {
  if (rules.audience.length === 0 || namesAudience(claims, rules)) return
  const names = rules.audienceClaims
  const isNamed = names.some((name) => [claims[name] ?? []].flat().length > 0)
  throw new ProxyError(
    'token_audience_refused',
    `invalid JWT token audience: it ${isNamed ? 'is meant for another application' : 'names none'} (${names.join(' or ')})`,
    {
      hint: `Use a token issued for this database; "audience" of ${rules.name} in PROXY_JWT_PROVIDERS lists what ${names.join(' or ')} may be.`,
    },
  )
}

function checkParty(azp: string | undefined, { name, authorizedParties }: ClaimRules): void {
  if (authorizedParties.length === 0) return
  if (azp !== undefined && authorizedParties.includes(azp)) return
  throw new ProxyError(
    'token_party_refused',
    azp === undefined
      ? 'JWT token does not say to which application it was issued (azp)'
      : 'JWT token was issued to another application (azp)',
    {
      hint: `Sign in on this application; "authorizedParties" of ${name} in PROXY_JWT_PROVIDERS lists the origins that may.`,
    },
  )
}

function namesAudience(claims: Record<string, unknown>, rules: ClaimRules): boolean {
  const named = rules.audienceClaims.flatMap((name) => claims[name])
  return named.some((value) => typeof value === 'string' && rules.audience.includes(value))
}

export function unknownIssuer(isNamed = true): ProxyError {
  return new ProxyError(
    'token_issuer_unknown',
    isNamed
      ? 'JWT token issuer is not accepted'
      : 'JWT token issuer is not accepted: the token names none (iss)',
    {
      hint: 'Sign in with a provider that is listed in PROXY_JWT_PROVIDERS; its "issuer" must equal the token’s iss to the letter.',
    },
  )
}

export function wrongType(claim: string): ProxyError {
  const expected = EXPECTED[claim] ?? 'a string'
  return new ProxyError(
    'token_claims_invalid',
    `JWT token has a claim of the wrong type: ${claim} is not ${expected}`,
    { hint: 'The issuer must write this claim as RFC 7519 has it.' },
  )
}
