/** Tells when a file changed, also when it was replaced by another, vanished or came back. */
import { statSync } from 'node:fs'

/**
 * Asking for the file's time works where notifications do not: mounted volumes, files that an
 * editor or a deployment replaces, files that do not exist yet.
 */
const INTERVAL_MS = 500

/** A file as it was at one moment. */
export type SeenFile = { readonly path: string; readonly version: string }

/** Look first and read then, or a change in between is missed. */
export function lookAt(path: string): SeenFile {
  return { path, version: versionOf(path) }
}

/**
 * Counts changes from when the file was looked at. (That is why this is not `fs.watchFile`, which
 * takes its first look some time after the call.)
 * @param onChange called after each change; it reads the file itself
 * @returns stops watching; a watched file keeps no process alive
 */
export function watchFile({ path, version }: SeenFile, onChange: () => void): () => void {
  let seen = version
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
