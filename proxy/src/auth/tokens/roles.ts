/** Decides by a token's claims which roles besides `authenticated` it permits. */
import { z } from 'zod'
import { claimAt, trustedClaimPath } from './claim-path'

export const AUTHENTICATED = 'authenticated'
export const ANONYMOUS = 'anonymous'

/** Roles that are chosen in other ways, that log in, or whose name is special in Postgres. */
const RESERVED = new Set([
  AUTHENTICATED,
  ANONYMOUS,
  'authenticator',
  'postgres',
  'public',
  'none',
  'current_user',
  'current_role',
  'session_user',
])

const roleName = z
  .string()
  .regex(/^[a-z_][a-z0-9_]{0,62}$/, { error: 'is not a role name in lower case' })
  .refine((name) => !RESERVED.has(name) && !name.startsWith('pg_'), {
    error: 'is a reserved role, which no claim can permit',
  })

const rule = z
  .strictObject({
    claim: trustedClaimPath,
    equals: z.union([z.string(), z.number(), z.boolean()]).optional(),
    includes: z.string().optional(),
  })
  .refine(({ equals, includes }) => (equals === undefined) !== (includes === undefined), {
    error: 'needs either "equals" (one value) or "includes" (a member of a list)',
  })

export const roleRules = z
  .record(roleName, rule)
  .transform((rules) => new Map(Object.entries(rules)))
export type RoleRules = z.output<typeof roleRules>

/** @param payload of a token with valid signature and claims */
export function permittedRoles(payload: unknown, rules: RoleRules): ReadonlySet<string> {
  const permitted = new Set([AUTHENTICATED])
  for (const [role, { claim, equals, includes }] of rules) {
    const value = claimAt(payload, claim)
    const isPermitted =
      includes === undefined ? value === equals : Array.isArray(value) && value.includes(includes)
    if (isPermitted) permitted.add(role)
  }
  return permitted
}
