/** A statement as it went to the proxy: for the user who sent it, and nobody else. */
import { z } from 'zod'

export type SentStatement = {
  sql: string
  params: (string | null)[]
  /** From sending it to the first byte of the answer, in milliseconds. */
  ms: number
}

/** Told of each statement of one connection when its answer is there. */
export type Observe = (statement: SentStatement) => void

const one = z.object({
  query: z.string(),
  params: z.array(z.unknown()).default([]),
})
const body = z.union([
  z.object({ queries: z.array(one) }),
  one.transform((q) => ({ queries: [q] })),
])

/** The statements in the body of a request of the driver; a batch has several. */
export function statementsIn(text: unknown): Omit<SentStatement, 'ms'>[] {
  if (typeof text !== 'string') return []
  return body.parse(JSON.parse(text)).queries.map(({ query, params }) => ({
    sql: query,
    params: params.map((param) =>
      param === null || typeof param === 'string' ? param : JSON.stringify(param),
    ),
  }))
}
