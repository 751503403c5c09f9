/** Session tokens: who is signed in, on which page's origin, for the next 60 seconds. */
import { SignJWT } from 'jose'
import type { Clerk } from './context'
import { customClaims } from './session-claims'
import { ALGORITHM } from './signing-key'
import type { Session, User } from './state'

/** Clerk's own lifetime. With 20 s, clerk-js fetches a new one every 3 s. */
export const TOKEN_SECONDS = 60

/** How far a third party's clock may be behind ours. */
const NOT_BEFORE_LEEWAY_SECONDS = 10

/** What marks a session token among the JWTs that Clerk signs. */
const SESSION_TOKEN_CATEGORY = 'cl_B7d4PD111AAA'

/**
 * @param pageOrigin becomes `azp`, the party that the token was handed to.
 * @see https://clerk.com/docs/guides/sessions/session-tokens
 */
export function mintSessionToken(
  clerk: Clerk,
  { session, user }: { session: Session; user: User },
  pageOrigin: string,
) {
  const issuedAt = Math.floor(clerk.now() / 1000)
  return new SignJWT({
    ...customClaims(user),
    azp: pageOrigin,
    fva: [minutesSinceSignIn(clerk, session), -1],
    sid: session.id,
    sts: 'active',
    v: 2,
  })
    .setProtectedHeader({
      alg: ALGORITHM,
      cat: SESSION_TOKEN_CATEGORY,
      kid: clerk.signingKey.kid,
      typ: 'JWT',
    })
    .setIssuer(clerk.url)
    .setSubject(session.userId)
    .setIssuedAt(issuedAt)
    .setNotBefore(issuedAt - NOT_BEFORE_LEEWAY_SECONDS)
    .setExpirationTime(issuedAt + TOKEN_SECONDS)
    .sign(clerk.signingKey.privateKey)
}

/** The age of the password or code; there is no second factor (-1). */
export function minutesSinceSignIn(clerk: Clerk, session: Session): number {
  return Math.floor((clerk.now() - session.createdAt) / 60_000)
}
