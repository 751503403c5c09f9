/** One JSON line a request, of what may be known by whoever reads logs: no SQL, value, token or user. */
import type { ErrorCode } from './errors'

export type LogEntry = {
  readonly id: string
  readonly role: string | null
  readonly ms: number
  readonly status: number
  readonly rows: number | null
  readonly code?: ErrorCode
}

export type Log = (entry: LogEntry) => void

let lines = ''

/** Lines of the same turn of the event loop are one write: a write each took a tenth of a request. */
export const logToStdout: Log = (entry) => {
  if (lines === '') setImmediate(flush)
  lines += `${JSON.stringify({ time: new Date().toISOString(), ...entry })}\n`
}

function flush(): void {
  const text = lines
  lines = ''
  process.stdout.write(text)
}
// Nothing that happened goes unsaid because the process ends in the same turn.
process.on('exit', flush)
