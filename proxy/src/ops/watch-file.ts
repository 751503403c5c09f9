/** Watches a file for changes, including replacement, removal and creation. */
import { statSync } from 'node:fs'

/**
 * Polling works where notifications do not: mounted volumes, files that an editor or a deployment
 * replaces, files that do not exist yet.
 */
const INTERVAL_MS = 500

/** A file at one point in time. */
export type SeenFile = { readonly path: string; readonly version: string }

/** Call this before reading the file, or a change in between is missed. */
export function lookAt(path: string): SeenFile {
  return { path, version: versionOf(path) }
}

/**
 * Reports changes since the file was seen. (`fs.watchFile` takes its first look some time after the call,
 * and could miss one.)
 * @param onChange called after each change; it reads the file itself
 * @returns a function that stops watching; the watcher does not keep the process alive
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
