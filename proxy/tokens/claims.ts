/** What a verified payload must say before its bearer is believed: who, from whom, for whom, until when. */
import { z } from 'zod'
import { ProxyError } from '../errors'
import type { ProviderConfig } from './provider-config'

/** What we ask of a provider's tokens; `issuer`, or another spelling of it, must match to the letter. */
export type ClaimRules = Pick<
  ProviderConfig,
  'name' | 'issuer' | 'alsoIssuedAs' | 'audience' | 'audienceClaims' | 'authorizedParties'
>

export type Claims = {
  readonly subject: string
  readonly issuer: string
  readonly exp: number
  readonly nbf: number | undefined
}

/** Clocks differ; the same 30 s that Neon allows. */
export const LEEWAY_S = 30

export const seconds = z.int().nonnegative()

/**
 * Text as Postgres can hold it (no NUL, no half of a surrogate pair), of a length that the seal has
 * digits for. OpenID Connect Core 1.0, section 2, allows 255 characters.
 */
export const subject = z.string().regex(/^[^\0\p{Surrogate}]{0,9999}$/u)

const claimsSchema = z.looseObject({
  iss: z.string(),
  sub: z.string().optional(),
  exp: seconds.optional(),
  nbf: seconds.optional(),
  aud: z.union([z.string(), z.array(z.string())]).optional(),
  azp: z.string().optional(),
})

/**
 * @param payload parsed JSON of a payload whose signature holds
 * @param now seconds since 1970
 */
export function checkClaims(payload: unknown, rules: ClaimRules, now: number): Claims {
  const parsed = claimsSchema.safeParse(payload)
  if (!parsed.success) throw malformed()
  const { iss, sub, exp, nbf, azp } = parsed.data

  if (iss !== rules.issuer && !rules.alsoIssuedAs.includes(iss)) throw unknownIssuer()
  if (sub === undefined || sub === '') {
    throw new ProxyError('token_claims_invalid', 'JWT token has no subject (sub)', {
      hint: 'Use a token that says who the user is; a machine token has no rows of its own.',
    })
  }
  if (!subject.safeParse(sub).success) {
    throw new ProxyError(
      'token_claims_invalid',
      'JWT token has a subject (sub) that no row can hold',
      {
        hint: 'It holds NUL or half of a character, or is longer than 9,999 characters; the issuer must give this user another id.',
      },
    )
  }
  if (exp === undefined) {
    throw new ProxyError('token_claims_invalid', 'JWT token has no expiry (exp)', {
      hint: `Configure ${rules.name} to issue tokens that expire.`,
    })
  }
  if (isExpired(exp, now)) {
    throw new ProxyError('token_expired', `JWT token has expired (exp=${exp})`, {
      hint: 'Get a new token: sign in again, or let the session refresh it.',
    })
  }
  if (isTooEarly(nbf, now)) {
    throw new ProxyError('token_not_yet_valid', `JWT token is not yet ready to use (nbf=${nbf})`, {
      hint: 'Check the clocks of this server and of the token issuer.',
    })
  }
  if (rules.audience.length > 0 && !namesAudience(parsed.data, rules)) {
    throw new ProxyError('token_audience_refused', 'invalid JWT token audience', {
      hint: `Use a token issued for this database (${rules.audienceClaims.join(' or ')}); "audience" of ${rules.name} in PROXY_JWT_PROVIDERS lists who may.`,
    })
  }
  if (
    rules.authorizedParties.length > 0 &&
    (azp === undefined || !rules.authorizedParties.includes(azp))
  ) {
    throw new ProxyError(
      'token_party_refused',
      'JWT token was issued to another application (azp)',
      {
        hint: `Sign in on this application; "authorizedParties" of ${rules.name} in PROXY_JWT_PROVIDERS lists the origins that may.`,
      },
    )
  }
  return { subject: sub, issuer: rules.issuer, exp, nbf }
}

/** The part of the rules that time alone can change. */
export function isTimely({ exp, nbf }: Pick<Claims, 'exp' | 'nbf'>, now: number): boolean {
  return !isExpired(exp, now) && !isTooEarly(nbf, now)
}

function isExpired(exp: number, now: number): boolean {
  return now >= exp + LEEWAY_S
}

function isTooEarly(nbf: number | undefined, now: number): boolean {
  return nbf !== undefined && nbf >= now + LEEWAY_S
}

function namesAudience(claims: Record<string, unknown>, rules: ClaimRules): boolean {
  const named = rules.audienceClaims.flatMap((name) => claims[name])
  return named.some((value) => typeof value === 'string' && rules.audience.includes(value))
}

export function unknownIssuer(): ProxyError {
  return new ProxyError('token_issuer_unknown', 'JWT token issuer is not accepted', {
    hint: 'Sign in with a provider that is listed in PROXY_JWT_PROVIDERS; its "issuer" must equal the token’s iss to the letter.',
  })
}

export function malformed(): ProxyError {
  return new ProxyError(
    'token_malformed',
    'Provided authentication token is not a valid JWT encoding',
    { hint: 'Send the session token that your sign-in provider issued, unchanged.' },
  )
}
