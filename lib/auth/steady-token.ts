/**
 * Renews the session token by its real age. clerk-js (6.40) compares the token's times with the browser's
 * clock: with a slow clock it keeps a token long after its expiry, and with a fast one every token looks
 * expired, so that its poller requests another every 1.5 s.
 */

type TokenOptions = {
  readonly skipCache?: boolean
  readonly template?: string
  readonly organizationId?: string
}

/** The needed part of Clerk's session; both functions are replaced. */
export type TokenSession = {
  readonly id: string
  readonly lastActiveOrganizationId: string | null
  getToken: (options?: TokenOptions) => Promise<string | null>
  clearCache: () => void
}

/** Milliseconds. */
export type Clocks = {
  /** Runs while the machine sleeps, but people and networks set it. */
  readonly wall: () => number
  /** Is never set, but may stop while the machine sleeps. */
  readonly steady: () => number
}

type Remembered = { token: string; lifetimeMs: number; since: { wall: number; steady: number } }

/** How long before its expiry a token is renewed, as in clerk-js; for a short one, half its lifetime. */
const MARGIN_MS = 15_000

const browserClocks: Clocks = { wall: () => Date.now(), steady: () => performance.now() }

/** Returns a function that makes a session's tokens steady. It must be called for each session object of Clerk. */
export function steadyTokens(clocks: Clocks = browserClocks): (session: TokenSession) => void {
  const done = new WeakSet<TokenSession>()
  // Clerk creates new objects for the same session, so the state is kept outside of them.
  let key: string | undefined
  let remembered: Remembered | undefined
  let asking: Promise<string | null> | undefined
  let generation = 0

  const forget = () => {
    remembered = undefined
    asking = undefined
    generation++
  }
  const ask = async (getToken: TokenSession['getToken'], options: TokenOptions) => {
    const askedIn = generation
    const token = await getToken(options)
    if (askedIn === generation) remember(token)
    return token
  }
  const remember = (token: string | null) => {
    const lifetimeMs = token === null ? 0 : lifetimeOf(token)
    if (token === null || lifetimeMs <= 0) remembered = undefined
    else if (token !== remembered?.token) {
      remembered = {
        token,
        lifetimeMs,
        since: { wall: clocks.wall(), steady: clocks.steady() },
      }
    }
  }
  const isFresh = ({ lifetimeMs, since }: Remembered) => {
    const age = Math.max(clocks.wall() - since.wall, clocks.steady() - since.steady)
    return age < lifetimeMs - Math.min(MARGIN_MS, lifetimeMs / 2)
  }

  return (session) => {
    if (done.has(session)) return
    done.add(session)
    const getToken = session.getToken
    const clearCache = session.clearCache

    session.clearCache = () => {
      forget()
      clearCache()
    }
    session.getToken = async (options = {}) => {
      if (options.template !== undefined || options.organizationId !== undefined) {
        return getToken(options)
      }
      const owner = `${session.id} ${session.lastActiveOrganizationId ?? ''}`
      if (owner !== key) forget()
      key = owner
      if (options.skipCache === true) return ask(getToken, options)
      if (remembered !== undefined && isFresh(remembered)) return remembered.token
      if (asking !== undefined) return asking
      // A token that is too old here may be fresh in Clerk's own cache.
      const answer = ask(getToken, { ...options, skipCache: remembered !== undefined })
      asking = answer
      try {
        return await answer
      } finally {
        if (asking === answer) asking = undefined
      }
    }
  }
}

/** From issue to expiry, by the issuer's clock; 0 if the token does not say. */
function lifetimeOf(token: string): number {
  try {
    const payload = token.split('.')[1] ?? ''
    const claims = JSON.parse(atob(payload.replaceAll('-', '+').replaceAll('_', '/'))) as unknown
    if (typeof claims !== 'object' || claims === null) return 0
    const { exp, iat } = claims as Record<string, unknown>
    return typeof exp === 'number' && typeof iat === 'number' ? (exp - iat) * 1000 : 0
  } catch {
    return 0
  }
}
