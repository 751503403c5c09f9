/** What there is to know of a token provider. */

/** Fields that may stand in for an issuer; their values become part of it. */
export const SHORT_FIELDS = ['domain', 'projectId', 'clientId', 'tenantId', 'userPoolId'] as const
export type ShortField = (typeof SHORT_FIELDS)[number]

export type Preset = {
  /** The field that is enough to know the issuer. */
  readonly from?: { readonly field: ShortField; readonly issuer: (value: string) => string }
  /** The issuer, where it is the same for everybody. */
  readonly issuer?: string
  /** What its issuers look like, and one of them. */
  readonly pattern: RegExp
  readonly example: string
  /** Where an issuer's keys are; undefined when that cannot be told from the issuer. */
  readonly jwksUrl: (issuer: string, policy: string | undefined) => string | undefined
  /** Other spellings of `iss` that the provider uses for an issuer that was not given to the letter. */
  readonly alsoIssuedAs?: (issuer: string) => readonly string[]
  /** The claims of which one must name the audience. */
  readonly audienceClaims: readonly string[]
  /** The audience that an issuer's tokens always have; with shared keys it must be said, or follow from `from`. */
  readonly audience?: (issuer: string) => string
  /**
   * The keys also sign for other customers of the provider, so that without an audience a
   * stranger's token would pass.
   */
  readonly sharedKeys?: true
  /** The claim that names the session, for PROXY_REVOKED; `sid` unless said otherwise. */
  readonly sessionClaim?: string
}
