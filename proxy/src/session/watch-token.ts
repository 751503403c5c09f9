/** Ends a session in the second in which its token ends, and verifies nothing once the session is over. */
import { toProxyError } from '../errors'
import type { Session } from './session'
import type { TokenAccess } from './token-access'

type Watched = Pick<TokenAccess, 'expiresAt' | 'verify' | 'onRenewed'>

/** A timer that is longer overflows. */
const LONGEST_TIMER_MS = 2 ** 31 - 1

/** @returns what stops watching, to be called when the session is over */
export function watchToken(session: Pick<Session, 'end'>, access: Watched): () => void {
  let timer: NodeJS.Timeout | undefined
  let isOver = false
  const watch = () => {
    clearTimeout(timer)
    const end = access.expiresAt()
    if (isOver || end === undefined) return
    const ms = Math.min(LONGEST_TIMER_MS, Math.max(0, end * 1000 - Date.now()))
    timer = setTimeout(() => {
      void endUnlessValid(session, access).then((isValid) => {
        if (isValid) watch()
      })
    }, ms)
  }
  access.onRenewed = watch
  watch()
  // The token may have been revoked since it was checked, before the session was watched.
  void endUnlessValid(session, access)
  return () => {
    isOver = true
    clearTimeout(timer)
  }
}

export async function endUnlessValid(
  session: Pick<Session, 'end'>,
  access: Pick<TokenAccess, 'verify'>,
): Promise<boolean> {
  try {
    await access.verify()
    return true
  } catch (error) {
    session.end(toProxyError(error), error)
    return false
  }
}
