/** One JSON line a request, of what may be known by whoever reads logs: no SQL, value, token or user. */
import type { ErrorCode } from '../errors'
import { LineWriter } from './line-writer'

export type LogEntry = {
  readonly id: string
  readonly role: string | null
  readonly ms: number
  readonly status: number
  readonly rows: number | null
  readonly code?: ErrorCode
  /** Where an error came from that should not have been. */
  readonly at?: readonly string[]
}

export type Log = (entry: LogEntry) => void

// Node opens it when it is first looked at, which is 2 ms that no request should wait for.
const { stdout: stream } = process
const stdout = new LineWriter((text, done) => {
  stream.write(text, done)
})
// Nothing that happened goes unsaid because the process ends in the same turn.
process.on('exit', () => {
  stdout.flush()
})

export const logToStdout: Log = (entry) => {
  stdout.add(toLine(entry))
}

export function toLine(entry: LogEntry): string {
  return `${JSON.stringify({ time: new Date().toISOString(), ...entry })}\n`
}

/** @returns the places in the code alone: an error's message may hold a value */
export function placesOf(thrown: unknown): readonly string[] {
  if (!(thrown instanceof Error)) return []
  const frames = (thrown.stack ?? '').replace(thrown.message, '').split('\n')
  return frames.filter((line) => /^ +at /.test(line)).map((line) => line.trim())
}
