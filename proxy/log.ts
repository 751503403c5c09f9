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

export const logToStdout: Log = (entry) => {
  process.stdout.write(`${JSON.stringify({ time: new Date().toISOString(), ...entry })}\n`)
}
