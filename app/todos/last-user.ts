/** Whose rows this device keeps for a time without a connection; nobody's after signing out. */

const KEY = 'last-user'

export function lastUser(): string | null {
  try {
    return localStorage.getItem(KEY)
  } catch {
    return null
  }
}

export function rememberUser(userId: string | null): void {
  try {
    if (userId === null) localStorage.removeItem(KEY)
    else localStorage.setItem(KEY, userId)
  } catch {
    // Nothing is kept.
  }
}
