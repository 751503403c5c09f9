/** Adds the trace to an answer, as one more member of its JSON object. */
import type { TraceStep } from './trace'

const CLOSING_BRACE = 0x7d

/** @param bytes the answer, or its end when the rest has been streamed */
export function withTrace(
  bytes: readonly Buffer[],
  trace: readonly TraceStep[],
): readonly Buffer[] {
  const last = bytes.at(-1)
  if (last?.at(-1) !== CLOSING_BRACE) return bytes
  const member = Buffer.from(`,"trace":${JSON.stringify(trace)}}`)
  return [...bytes.slice(0, -1), last.subarray(0, -1), member]
}
