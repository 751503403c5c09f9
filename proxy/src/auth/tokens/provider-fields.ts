/** The fields of an entry in PROXY_JWT_PROVIDERS, each validated alone. */
import type { JWK } from 'jose'
import { z } from 'zod'
import { ALGORITHMS } from './algorithms'
import { trustedClaimPath } from './claim-path'
import { LEEWAY_S } from './leeway'
import { isKeyUrl } from './fetch-json'
import { parseKeys } from './fetch-keys'
import { SHORT_FIELDS } from './preset'
import { PRESET_NAMES } from './presets'
import { roleRules } from './roles'

const text = z.string().min(1)
const oneOrMore = z.union([text, z.array(text)]).transform((value) => [value].flat())
const short = z
  .string()
  .regex(/^[A-Za-z0-9._-]+$/, { error: 'holds characters that no such name has' })

/** Public keys only: a private key can make tokens and does not belong in this configuration. */
const inlineKeys = z.unknown().transform((value, context): JWK[] => {
  const keys = parseKeys(value)
  if (keys === undefined || keys.length === 0) {
    context.addIssue('is not of the form {"keys":[…]} with at least one key')
    return z.NEVER
  }
  if (keys.some((key) => key.kty === 'oct' || key.d !== undefined)) {
    context.addIssue('holds a secret key; give the public ones alone')
    return z.NEVER
  }
  return keys
})

/** A few minutes at most (RFC 7519, section 4.1.4): an expired token works for this much longer. */
const MAX_LEEWAY_S = 300
const leeway = z
  .number()
  .refine((value) => Number.isInteger(value) && value >= 0 && value <= MAX_LEEWAY_S, {
    error: `is not a whole number of seconds from 0 to ${MAX_LEEWAY_S}`,
  })

export const fields = z.strictObject({
  name: text.optional(),
  preset: z
    .enum([...PRESET_NAMES, 'custom'], {
      error: `is not one of ${[...PRESET_NAMES, 'custom'].join(', ')}`,
    })
    .optional(),
  issuer: text.optional(),
  ...(Object.fromEntries(SHORT_FIELDS.map((field) => [field, short.optional()])) as Record<
    (typeof SHORT_FIELDS)[number],
    z.ZodOptional<typeof short>
  >),
  policy: short.optional(),
  jwksUrl: z
    .string()
    .refine(isKeyUrl, { error: 'must be an https:// URL (http:// only on this machine)' })
    .optional(),
  jwks: inlineKeys.optional(),
  privateNetwork: z.boolean().default(false),
  audience: oneOrMore.default([]),
  authorizedParties: z.array(text).default([]),
  algorithms: z.array(z.enum(ALGORITHMS)).nonempty().default(ALGORITHMS),
  userId: trustedClaimPath.default(['sub']),
  leeway: leeway.default(LEEWAY_S),
  roles: roleRules.default(new Map()),
})
export type Fields = z.output<typeof fields>
