/** Tells when a file changed, also when it was replaced by another, vanished or came back. */
import { unwatchFile, watchFile as poll, type Stats } from 'node:fs'

/**
 * Asking for the file's time works where notifications do not: mounted volumes, files that an
 * editor or a deployment replaces, files that do not exist yet.
 */
const INTERVAL_MS = 500

/**
 * @param onChange called after each change; it reads the file itself
 * @returns stops watching; a watched file keeps no process alive
 */
export function watchFile(path: string, onChange: () => void): () => void {
  const listener = (now: Stats, before: Stats) => {
    const isSame = now.mtimeMs === before.mtimeMs && now.size === before.size
    if (!isSame || now.ino !== before.ino) onChange()
  }
  poll(path, { interval: INTERVAL_MS, persistent: false }, listener)
  return () => {
    unwatchFile(path, listener)
  }
}
