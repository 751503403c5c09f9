/** The users that a policy can be tried as. */
import { z } from 'zod'
import type { As } from '../../service/api'

export const PEOPLE = {
  alice: 'Alice',
  bob: 'Bob',
  carol: 'Carol',
  morgan: 'Morgan, who moderates',
  nobody: 'nobody, without a token',
  other: 'someone with these claims …',
} as const
export type Person = keyof typeof PEOPLE

export const isPerson = (value: string): value is Person => Object.hasOwn(PEOPLE, value)

const claims = z.looseObject({ sub: z.string().min(1).max(200) })

/** @returns undefined when the claims are not JSON with a `sub` */
export function asOf(person: Person, claimsJson: string): As | undefined {
  if (person === 'nobody') return null
  if (person === 'morgan') {
    return { sub: person, claims: { metadata: { role: 'moderator' } }, role: 'moderator' }
  }
  if (person !== 'other') return { sub: person }
  try {
    const { sub, ...rest } = claims.parse(JSON.parse(claimsJson))
    return { sub, claims: rest }
  } catch {
    return undefined
  }
}
