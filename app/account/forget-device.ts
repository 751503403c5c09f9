/** Takes away what this device keeps of a user: unsent changes and drafts, each under a key with the user's id. */
export function forgetOnDevice(userId: string): void {
  for (const name of ['localStorage', 'sessionStorage'] as const) {
    try {
      const storage = window[name]
      for (const key of Object.keys(storage)) if (key.includes(userId)) storage.removeItem(key)
    } catch {
      // Storage is forbidden, so there is nothing in it.
    }
  }
}
