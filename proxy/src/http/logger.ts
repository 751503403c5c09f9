/** One JSON line per request, without anything confidential: no SQL, value, token or user. */
import type { ErrorCode } from '../errors'
import { LineWriter } from './line-writer'

export type LogEntry = {
  readonly id: string
  readonly role: string | null
  readonly ms: number
  readonly status: number
  readonly rows: number | null
  readonly code?: ErrorCode
  /** The stack of an unexpected error. */
  readonly at?: readonly string[]
}

export type Log = (entry: LogEntry) => void

// Node opens stdout on first access, which takes 2 ms. No request should wait for that.
const { stdout: stream } = process
const stdout = new LineWriter((text, done) => {
  stream.write(text, done)
})
// Lines that were added in the last turn must not be lost.
process.on('exit', () => {
  stdout.flush()
})

export const logToStdout: Log = (entry) => {
  stdout.add(toLine(entry))
}

export function toLine(entry: LogEntry): string {
  return `${JSON.stringify({ time: new Date().toISOString(), ...entry })}\n`
}

/** @returns stack frames without the message, which may hold a value */
export function placesOf(thrown: unknown): readonly string[] {
  if (!(thrown instanceof Error)) return []
  const frames = (thrown.stack ?? '').replace(thrown.message, '').split('\n')
  return frames.filter((line) => /^ +at /.test(line)).map((line) => line.trim())
}
