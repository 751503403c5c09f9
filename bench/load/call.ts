/** The requests of a load, and how they are repeated. */

/** One user's request. */
export type Call = {
  readonly method: 'GET' | 'POST'
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

export type LoadOptions = {
  /** Without a path. */
  readonly url: string
  /** Sent in turn, again and again. */
  readonly calls: readonly Call[]
  readonly connections: number
  readonly seconds: number
  /** What is put before the load generator's command. */
  readonly prefix: readonly string[]
  readonly signal: AbortSignal
}
