/** Turns a request's bytes into statements; values become the text that Postgres will infer types for. */
import { z } from 'zod'
import { ProxyError } from '../errors'
import { ExactNumber, parseExactJson } from './exact-json'
import { encodeParam } from './params'

export type Statement = {
  readonly sql: string
  readonly params: readonly (string | null)[]
  /** Overrides the header when given. */
  readonly arrayMode: boolean | undefined
}

export type SqlRequest =
  | { readonly kind: 'single'; readonly statement: Statement }
  | { readonly kind: 'batch'; readonly statements: readonly Statement[] }

const query = z.object({
  query: z.string(),
  params: z.array(z.unknown()).optional(),
  arrayMode: z.boolean().nullish(),
})
// First match wins: a body that has both is a single query.
const payload = z.union([query, z.object({ queries: z.array(query) })])

/** Bind counts its parameters in 16 bits. */
const MAX_PARAMS = 65_535
/** One request's statements are written to Postgres and answered as a whole, so they are bounded. */
const MAX_STATEMENTS = 1_000
const LONE_SURROGATE = /\p{Surrogate}/u
const strictUtf8 = new TextDecoder('utf-8', { fatal: true })

export function parseBody(bytes: Uint8Array): SqlRequest {
  try {
    return parseText(decodeUtf8(bytes))
  } catch (error) {
    if (error instanceof RangeError) throw invalid('recursion limit exceeded')
    throw error
  }
}

function parseText(text: string): SqlRequest {
  let parsed = parseShape(() => JSON.parse(text) as unknown)
  // JSON.parse rounds 9007199254740993 and forgets the .0 of 1.0. Drivers send strings, so the
  // slow parser that keeps numbers as they were written is only for those who do not.
  if (queriesOf(parsed).some(({ params }) => params?.some(holdsNumber))) {
    parsed = parseShape(() => parseExactJson(text))
  }
  if ('query' in parsed) return { kind: 'single', statement: toStatement(parsed) }
  if (parsed.queries.length > MAX_STATEMENTS) {
    throw invalid(`a batch has ${parsed.queries.length} queries and may have ${MAX_STATEMENTS}`)
  }
  return { kind: 'batch', statements: parsed.queries.map(toStatement) }
}

function parseShape(parse: () => unknown): z.output<typeof payload> {
  let json: unknown
  try {
    json = parse()
  } catch (error) {
    if (error instanceof RangeError) throw error
    // Not the parser's own words: it quotes what it read, and that is SQL.
    throw invalid('it is not JSON')
  }
  const shape = payload.safeParse(json)
  if (!shape.success) throw invalid('data did not match any variant of untagged enum Payload')
  return shape.data
}

function queriesOf(parsed: z.output<typeof payload>): readonly z.output<typeof query>[] {
  return 'query' in parsed ? [parsed] : parsed.queries
}

function toStatement({ query: sql, params = [], arrayMode }: z.output<typeof query>): Statement {
  if (params.length > MAX_PARAMS) {
    throw invalid(`a statement has ${params.length} params and Postgres takes ${MAX_PARAMS}`)
  }
  const statement = { sql, params: params.map(encodeParam), arrayMode: arrayMode ?? undefined }
  // A lone surrogate has no UTF-8, and would silently become another character.
  if ([sql, ...statement.params].some((text) => text !== null && LONE_SURROGATE.test(text))) {
    throw invalid('lone surrogate in a string')
  }
  return statement
}

function holdsNumber(value: unknown): boolean {
  if (typeof value === 'number') return true
  if (typeof value !== 'object' || value === null || value instanceof ExactNumber) return false
  return Object.values(value).some(holdsNumber)
}

function decodeUtf8(bytes: Uint8Array): string {
  try {
    return strictUtf8.decode(bytes)
  } catch {
    throw invalid('it is not UTF-8')
  }
}

function invalid(why: string): ProxyError {
  return new ProxyError('body_invalid', `could not parse the HTTP request body: ${why}`, {
    hint: 'Send {"query": "…", "params": […]} or {"queries": [{"query": "…"}, …]}.',
  })
}
