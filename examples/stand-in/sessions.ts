/**
 * Sessions and their refresh tokens: each is good for one renewal. One that is offered a second time was copied, so
 * it ends its session (RFC 9700, section 4.14.2).
 */
import { createHash, randomBytes, randomUUID } from 'node:crypto'
import { Refusal } from './refusal'
import type { Session, Store, User } from './state'

export type Opened = {
  readonly session: Session
  readonly user: User
  /** Opaque, and known to its owner only. */
  readonly refreshToken: string
}

export type Sessions = {
  readonly open: (user: User) => Opened
  /** The session of a token that still counts, which keeps counting; for providers that do not rotate. */
  readonly find: (refreshToken: string) => Opened | undefined
  readonly byId: (id: string) => { readonly session: Session; readonly user: User } | undefined
  /** @throws Refusal (invalid_grant) for a token that never counted, counts no more, or was used */
  readonly refresh: (refreshToken: string) => Opened
  /** Does nothing for a session that has ended. */
  readonly end: (id: string) => void
}

/** @param now seconds since 1970 */
export function openSessions(
  store: Store,
  userById: (id: string) => User | undefined,
  now: () => number,
): Sessions {
  const all = store.state.sessions
  const withUser = (session: Session | undefined) => {
    const user = session && userById(session.userId)
    return session && user && { session, user }
  }
  const end = (id: string) => {
    const index = all.findIndex((session) => session.id === id)
    if (index === -1) return
    all.splice(index, 1)
    store.save()
  }
  return {
    open: (user) => {
      const { refreshToken, digest } = newToken()
      const session = {
        ...{ id: randomUUID(), userId: user.id, startedAt: now() },
        ...{ current: digest, former: [] },
      }
      all.push(session)
      store.save()
      return { session, user, refreshToken }
    },
    find: (refreshToken) => {
      const found = withUser(all.find(({ current }) => current === digestOf(refreshToken)))
      return found && { ...found, refreshToken }
    },
    byId: (id) => withUser(all.find((session) => session.id === id)),
    refresh: (refreshToken) => {
      const digest = digestOf(refreshToken)
      const copied = all.find(({ former }) => former.includes(digest))
      if (copied) end(copied.id)
      const found = withUser(all.find(({ current }) => current === digest))
      if (!found) throw new Refusal('invalid_grant', 'That refresh token does not count any more.')
      const next = newToken()
      found.session.former.push(digest)
      found.session.current = next.digest
      store.save()
      return { ...found, refreshToken: next.refreshToken }
    },
    end,
  }
}

function newToken() {
  const refreshToken = randomBytes(32).toString('base64url')
  return { refreshToken, digest: digestOf(refreshToken) }
}

function digestOf(refreshToken: string): string {
  return createHash('sha256').update(refreshToken).digest('base64url')
}
