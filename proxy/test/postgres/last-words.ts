import { readFileSync } from 'node:fs'

/** The end of a log file, for a message about the program that wrote it. */
export function lastWords(logFile: string | null): string {
  if (logFile === null) return ''
  try {
    const tail = readFileSync(logFile, 'utf8').trimEnd().split('\n').slice(-12).join('\n')
    return ` Its last words, in ${logFile}:\n${tail}`
  } catch {
    return ''
  }
}
