/** By then a page has what it needs. */
const IDLE_MS = 2_000

/**
 * Loads parts of the app ahead of their first use, so that they open at once, and offline too. What cannot be loaded is
 * loaded when it is used. The returned function takes it back.
 */
export function whenIdle(load: () => Promise<unknown>): () => void {
  const timer = setTimeout(() => {
    load().catch(() => undefined)
  }, IDLE_MS)
  return () => {
    clearTimeout(timer)
  }
}
