/** What Clerk calls the customized session token: claims beyond its own, filled in from the user. */
import type { User } from './state'

/** As it stands in Clerk's dashboard, under Sessions; docs/make-it-yours.md repeats it. */
export const CUSTOM_CLAIMS = {
  name: '{{user.full_name}}',
  email: '{{user.primary_email_address}}',
  email_verified: '{{user.email_verified}}',
  metadata: '{{user.public_metadata}}',
} as const

type Shortcode = (typeof CUSTOM_CLAIMS)[keyof typeof CUSTOM_CLAIMS]

/** @see https://clerk.com/docs/guides/sessions/jwt-templates#shortcodes */
const shortcodes: Record<Shortcode, (user: User) => unknown> = {
  '{{user.full_name}}': fullName,
  '{{user.primary_email_address}}': (user) => user.email,
  '{{user.email_verified}}': (user) => user.emailVerified,
  '{{user.public_metadata}}': (user) => user.publicMetadata,
}

function fullName({ firstName, lastName }: User): string | null {
  const names = [firstName, lastName].filter((name) => name !== null)
  return names.length > 0 ? names.join(' ') : null
}

export function customClaims(user: User): Record<string, unknown> {
  const filled = Object.entries(CUSTOM_CLAIMS).map(([claim, code]) => [
    claim,
    shortcodes[code](user),
  ])
  return Object.fromEntries(filled) as Record<string, unknown>
}
