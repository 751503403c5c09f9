/** Finds a claim inside a verified payload. */
import { z } from 'zod'

/** `metadata.role`, or a list for names that contain dots: `["https://example.com/role"]`. */
const claimPath = z
  .union([z.string().min(1), z.array(z.string().min(1)).nonempty()])
  .transform((path): readonly string[] => (typeof path === 'string' ? path.split('.') : path))

/** Claims that users can edit at their provider, and with which they could become any user. */
const WRITTEN_BY_USERS = ['user_metadata', 'unsafe_metadata', 'unsafeMetadata']

/** A path that is safe for a user's id or role. */
export const trustedClaimPath = claimPath.refine(
  (path) => !path.some((name) => WRITTEN_BY_USERS.includes(name)),
  { error: 'is one that users can change themselves; use one that only you can write' },
)

/** @returns undefined when the claim is missing */
export function claimAt(payload: unknown, path: readonly string[]): unknown {
  let value = payload
  for (const name of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined
    value = (value as Record<string, unknown>)[name]
  }
  return value
}
