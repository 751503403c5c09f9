/** The requesting browser and its signed-in user: one session at a time. */
import type { Clerk } from './context'
import { devBrowsersIn } from './cookies'
import { ClerkError, signedOut } from './errors'
import { newId } from './ids'
import type { ClerkRequest } from './request'
import type { Client, Session, User } from './state'

const DAY_MS = 24 * 60 * 60 * 1000
const SESSION_MS = 7 * DAY_MS
/** A browser is forgotten a day after its last session has ended by itself. */
const CLIENT_MS = SESSION_MS + DAY_MS

export function newClient(clerk: Clerk): Client {
  const now = clerk.now()
  const client: Client = {
    id: newId('client'),
    devBrowser: newId('dvb'),
    session: null,
    signIn: null,
    signUp: null,
    createdAt: now,
    updatedAt: now,
  }
  forgetOldClients(clerk)
  clerk.store.clients.set(client.devBrowser, client)
  clerk.store.save()
  return client
}

/** The browser by its dev browser token, if it is known. */
function findClient(clerk: Clerk, request: ClerkRequest): Client | undefined {
  return clerk.store.clients.get(request.query.get('__clerk_db_jwt') ?? '')
}

/**
 * The same by its cookie only, because a URL may have been opened in another browser. The app's rewrite
 * gives the emulator the app's origin, so the app's cookies are sent along.
 */
export function findBrowser(clerk: Clerk, request: ClerkRequest): Client | undefined {
  return devBrowsersIn(request.headers.cookie ?? '', clerk.publishableKey)
    .map((devBrowser) => clerk.store.clients.get(devBrowser))
    .find((client) => client !== undefined)
}

/** @throws ClerkError that makes clerk-js ask for a new dev browser token. */
export function requireClient(clerk: Clerk, request: ClerkRequest): Client {
  const client = findClient(clerk, request)
  if (client) return client
  throw new ClerkError(
    401,
    'dev_browser_unauthenticated',
    'The local Clerk does not know this browser: reload the page.',
  )
}

/** The session that is alive in this browser, with its user. */
export function activeSession(
  clerk: Clerk,
  client: Client,
): { session: Session; user: User } | undefined {
  const { session } = client
  if (!session || session.expireAt <= clerk.now()) return undefined
  const user = clerk.store.users.get(session.userId)
  return user && { session, user }
}

/** The user's live sessions in every browser. */
export function sessionsOf(clerk: Clerk, user: User): { client: Client; session: Session }[] {
  return [...clerk.store.clients.values()].flatMap((client) => {
    const active = activeSession(clerk, client)
    return active?.user.id === user.id ? [{ client, session: active.session }] : []
  })
}

/**
 * The live session with this id, which must be this browser's own.
 * @throws ClerkError that signs the browser out.
 */
export function requireSession(clerk: Clerk, client: Client, id: string) {
  const active = activeSession(clerk, client)
  if (active?.session.id !== id) throw signedOut()
  return active
}

/** @throws ClerkError while a user is signed in, who must sign out first. */
export function assertSignedOut(clerk: Clerk, client: Client) {
  if (!activeSession(clerk, client)) return
  throw new ClerkError(400, 'session_exists', 'You are already signed in.')
}

/** Signs the user in, in this browser. */
export function startSession(clerk: Clerk, client: Client, user: User): Session {
  const now = clerk.now()
  const session = {
    id: newId('sess'),
    userId: user.id,
    createdAt: now,
    lastActiveAt: now,
    expireAt: now + SESSION_MS,
  }
  user.lastSignInAt = now
  Object.assign(client, { session, signIn: null, signUp: null, updatedAt: now })
  clerk.store.save()
  return session
}

/** Signs this browser out. */
export function endSession(clerk: Clerk, client: Client) {
  Object.assign(client, { session: null, updatedAt: clerk.now() })
  clerk.store.save()
}

function forgetOldClients(clerk: Clerk) {
  const { clients } = clerk.store
  for (const [devBrowser, client] of clients) {
    if (client.updatedAt + CLIENT_MS < clerk.now()) clients.delete(devBrowser)
  }
}
