/** A load generator's result, which it prints as the last line of its output, in JSON. */
import { z } from 'zod'

const outcome = z.object({
  requests: z.int(),
  /** Answers with another status than 2xx, and connections that broke. */
  failures: z.int(),
  seconds: z.number(),
  /** Milliseconds. */
  p50: z.number(),
  p99: z.number(),
})

export type Outcome = z.infer<typeof outcome>

export function readOutcome(output: string): Outcome {
  return outcome.parse(JSON.parse(output.trimEnd().split('\n').at(-1) ?? ''))
}
