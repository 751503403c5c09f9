/** Parses an entry of PROXY_JWT_PROVIDERS, and completes it from its preset. */
import type { JWK } from 'jose'
import { z } from 'zod'
import { namesLoopback } from './addresses'
import type { Algorithm } from './algorithms'
import { isKeyUrl } from './fetch-json'
import { SHORT_FIELDS, type OtherTokens, type Preset } from './preset'
import { preset, sharesKeys } from './presets'
import { fields, type Fields } from './provider-fields'
import type { RoleRules } from './roles'

/** The source of keys: a URL, the issuer's discovery document, or the configuration itself. */
export type KeySource =
  | { readonly kind: 'url'; readonly url: string }
  | { readonly kind: 'discovery' }
  | { readonly kind: 'inline'; readonly keys: readonly JWK[] }

export type ProviderConfig = {
  readonly name: string
  /** Must equal a token's `iss` exactly, or `alsoIssuedAs` must contain it. */
  readonly issuer: string
  readonly alsoIssuedAs: readonly string[]
  readonly keySource: KeySource
  /** Whether keys may be fetched from a private network. */
  readonly privateNetwork: boolean
  /** Empty to accept any. */
  readonly audience: readonly string[]
  /** One of these claims must name the audience. */
  readonly audienceClaims: readonly string[]
  /** Accepted values of `azp`; empty to accept any. */
  readonly authorizedParties: readonly string[]
  readonly algorithms: readonly Algorithm[]
  /** The path of the claim with the user's id. */
  readonly userId: readonly string[]
  /** Tolerance in seconds before `nbf` and after `exp`, for clocks that differ. */
  readonly leeway: number
  /** The path of the claim with the session's id. */
  readonly sessionClaim: readonly string[]
  /** What tells other tokens; undefined where none could pass for a session's. */
  readonly otherTokens?: OtherTokens | undefined
  readonly roles: RoleRules
  /** The text that identifies this provider in the configuration. */
  readonly writtenAs: string
}

/** A field and its mistake. */
class FieldProblem extends Error {
  readonly field: string

  constructor(field: string, problem: string) {
    super(problem)
    this.field = field
  }
}

export const providerSchema = fields.transform((given, context): ProviderConfig => {
  try {
    return resolve(given)
  } catch (error) {
    if (!(error instanceof FieldProblem)) throw error
    context.addIssue({ code: 'custom', path: [error.field], message: error.message })
    return z.NEVER
  }
})

function resolve(given: Fields): ProviderConfig {
  const known: Preset | undefined =
    given.preset === undefined || given.preset === 'custom' ? undefined : preset(given.preset)
  const { issuer, writtenAs } = issuerOf(given, known)
  const audience = given.audience.length > 0 ? given.audience : audienceOf(given, known, issuer)
  const sharing = sharesKeys(issuer)
  if (sharing !== undefined && audience.length === 0) {
    throw new FieldProblem(
      'audience',
      `is missing, and ${sharing} signs the tokens of all its customers with the same keys: say for whom yours are (your client or project id), or a stranger's would pass`,
    )
  }
  return {
    name: given.name ?? given.preset ?? issuer,
    issuer,
    alsoIssuedAs: given.issuer === undefined ? (known?.alsoIssuedAs?.(issuer) ?? []) : [],
    keySource: keySourceOf(given, known, issuer),
    privateNetwork: given.privateNetwork,
    audience,
    audienceClaims: known?.audienceClaims ?? ['aud'],
    authorizedParties: given.authorizedParties,
    algorithms: given.algorithms,
    userId: given.userId,
    leeway: given.leeway,
    sessionClaim: known?.sessionClaim ?? ['sid'],
    otherTokens: known?.otherTokens,
    roles: given.roles,
    writtenAs,
  }
}

function audienceOf(given: Fields, known: Preset | undefined, issuer: string): string[] {
  if (known?.audience === undefined) return []
  return known.sharedKeys === true && given.issuer !== undefined ? [] : [known.audience(issuer)]
}

function issuerOf(given: Fields, known: Preset | undefined) {
  const from = known?.from
  for (const field of [...SHORT_FIELDS, 'policy'] as const) {
    if (given[field] === undefined) continue
    if (field === 'policy' ? given.preset !== 'azure-ad' : field !== from?.field) {
      throw new FieldProblem(
        field,
        `means nothing for ${given.preset ?? 'a provider without preset'}`,
      )
    }
  }
  const value = from === undefined ? undefined : given[from.field]
  if (given.issuer !== undefined && value !== undefined) {
    throw new FieldProblem(
      from?.field ?? 'issuer',
      'already follows from "issuer"; give one of the two',
    )
  }
  const short = value === undefined ? undefined : from?.issuer(value)
  const issuer = given.issuer ?? short ?? known?.issuer
  if (issuer === undefined) {
    throw new FieldProblem(
      'issuer',
      known === undefined
        ? 'is missing'
        : `is missing, for example ${known.example}${from === undefined ? '' : `, or "${from.field}"`}`,
    )
  }
  // An issuer on this machine need not match the preset's pattern.
  if (known !== undefined && !known.pattern.test(issuer) && !isLocal(issuer)) {
    throw new FieldProblem(
      given.issuer === undefined ? (from?.field ?? 'issuer') : 'issuer',
      `is not one of ${given.preset ?? ''}, which look like ${known.example}`,
    )
  }
  return { issuer, writtenAs: given.issuer ?? value ?? given.preset ?? issuer }
}

function isLocal(url: string): boolean {
  return URL.canParse(url) && namesLoopback(new URL(url).hostname)
}

function keySourceOf(given: Fields, known: Preset | undefined, issuer: string): KeySource {
  if (given.jwks !== undefined) {
    if (given.jwksUrl !== undefined) {
      throw new FieldProblem('jwks', 'and "jwksUrl" exclude each other; give one of the two')
    }
    return { kind: 'inline', keys: given.jwks }
  }
  if (given.jwksUrl !== undefined) return { kind: 'url', url: given.jwksUrl }
  if (known !== undefined) {
    const url = known.jwksUrl(issuer, given.policy)
    if (isLocal(issuer) && url !== undefined && !isLocal(url)) {
      throw new FieldProblem(
        'jwksUrl',
        `is missing: an issuer on this machine does not sign with the keys of ${given.preset ?? ''}'s cloud`,
      )
    }
    if (url !== undefined && isKeyUrl(url)) return { kind: 'url', url }
    throw new FieldProblem(
      'jwksUrl',
      given.preset === 'azure-ad'
        ? 'is missing: for a B2C tenant give it, or the "policy" (user flow) that tokens come from'
        : 'is missing and cannot be told from this issuer',
    )
  }
  if (given.preset === 'custom') {
    throw new FieldProblem('jwksUrl', 'or "jwks" is needed with the preset custom')
  }
  if (!isKeyUrl(issuer)) {
    throw new FieldProblem(
      'jwksUrl',
      'is not given and cannot be discovered from an issuer that is not an https:// URL',
    )
  }
  return { kind: 'discovery' }
}
