/** A statement as it went to the proxy: for the user who sent it, and nobody else. */

export type SentStatement = {
  sql: string
  params: (string | null)[]
  /** From sending it to the first byte of the answer, in milliseconds. */
  ms: number
}

/** Told of each statement of one client, when it has been answered or has failed. */
export type Observe = (statement: SentStatement) => void

/** As the driver writes it. */
type Query = { query: string; params?: unknown[] }

/** The statements in the body of a request of the driver; a batch has several. */
export function statementsIn(body: string): Omit<SentStatement, 'ms'>[] {
  const sent = JSON.parse(body) as Query | { queries: Query[] }
  return ('queries' in sent ? sent.queries : [sent]).map(({ query, params = [] }) => ({
    sql: query,
    params: params.map((param) =>
      param === null || typeof param === 'string' ? param : JSON.stringify(param),
    ),
  }))
}
