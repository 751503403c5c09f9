/** Tells when a file changed, also when it was replaced by another, vanished or came back. */
import { statSync } from 'node:fs'

/**
 * Asking for the file's time works where notifications do not: mounted volumes, files that an
 * editor or a deployment replaces, files that do not exist yet.
 */
const INTERVAL_MS = 500

/**
 * Counts changes from this call on: watch first and read then, or a change in between is missed.
 * (That is why this is not `fs.watchFile`, which takes its first look some time after the call.)
 * @param onChange called after each change; it reads the file itself
 * @returns stops watching; a watched file keeps no process alive
 */
export function watchFile(path: string, onChange: () => void): () => void {
  let seen = versionOf(path)
  const timer = setInterval(() => {
    const now = versionOf(path)
    if (now === seen) return
    seen = now
    onChange()
  }, INTERVAL_MS)
  timer.unref()
  return () => {
    clearInterval(timer)
  }
}

function versionOf(path: string): string {
  try {
    const { mtimeNs, ctimeNs, size, ino } = statSync(path, { bigint: true })
    return [mtimeNs, ctimeNs, size, ino].join(' ')
  } catch {
    return 'cannot be seen'
  }
}
