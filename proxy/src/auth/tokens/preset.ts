/** What the proxy knows about a token provider. */

/** Fields that replace `issuer`; their values become part of it. */
export const SHORT_FIELDS = ['domain', 'projectId', 'clientId', 'tenantId', 'userPoolId'] as const
export type ShortField = (typeof SHORT_FIELDS)[number]

export type Preset = {
  /** The field that determines the issuer. */
  readonly from?: { readonly field: ShortField; readonly issuer: (value: string) => string }
  /** The issuer, if all customers share one. */
  readonly issuer?: string
  /** The pattern of its issuers, and an example. */
  readonly pattern: RegExp
  readonly example: string
  /** The URL of an issuer's keys; undefined when it does not follow from the issuer. */
  readonly jwksUrl: (issuer: string, policy: string | undefined) => string | undefined
  /** Other spellings of `iss` that the provider uses for the same issuer. */
  readonly alsoIssuedAs?: (issuer: string) => readonly string[]
  /** One of these claims must name the audience. */
  readonly audienceClaims: readonly string[]
  /** The audience of all of an issuer's tokens. With shared keys, an audience is required, here or configured. */
  readonly audience?: (issuer: string) => string
  /**
   * The provider signs for all customers with the same keys, so without an audience a stranger's token
   * would pass.
   */
  readonly sharedKeys?: true
  /** The path of the claim with the session's id, for PROXY_REVOKED; `sid` by default. */
  readonly sessionClaim?: readonly string[]
  /** What the provider signs with the keys of its sessions, and is no session: such as refresh tokens, which outlive a sign-out. */
  readonly otherTokens?: OtherTokens
}

export type OtherTokens = {
  /** The claim that tells. */
  readonly claim: string
  readonly isOther: (value: unknown) => boolean
  /** As a message says it, after “JWT token is”. */
  readonly called: string
}
