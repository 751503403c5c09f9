/**
 * What the stack answered when two people sent one query: recorded by `npm run record`, and compared with
 * a new recording by e2e/exchange.spec.ts.
 */
import { z } from 'zod'
import recorded from './exchange.json'

const answer = z.object({
  /** Of the demo user who asks; null asks without a token. */
  who: z.enum(['Alice', 'Bob']).nullable(),
  /** The `sub` of the token. */
  userId: z.string().nullable(),
  query: z.string(),
  status: z.number(),
  rows: z.array(z.object({ task: z.string(), is_complete: z.boolean() })).nullable(),
  /** The proxy's words when it answers with no rows. */
  error: z.string().nullable(),
})

export type Answer = z.infer<typeof answer>

export const exchange = z
  .object({
    query: z.string(),
    alice: answer,
    bob: answer,
    /** Bob asks for Alice's rows by her id. */
    trespass: answer,
    /** A request without a token. */
    stranger: answer,
  })
  .parse(recorded)
