/** Parses a request body into statements. Parameters become text, whose types Postgres infers. */
import { isUtf8 } from 'node:buffer'
import { ProxyError, type ErrorFields } from '../errors'
import { JsonReader, LoneSurrogate } from './json-reader'

export type Statement = {
  readonly sql: string
  readonly params: readonly (string | null)[]
  /** Overrides the request header when given. */
  readonly arrayMode: boolean | undefined
}

export type SqlRequest =
  | { readonly kind: 'single'; readonly statement: Statement }
  | { readonly kind: 'batch'; readonly statements: readonly Statement[] }

/** Bind counts its parameters in 16 bits. */
const MAX_PARAMS = 65_535
/** A batch is sent and answered as a whole, so its size is bounded. */
const MAX_STATEMENTS = 1_000
const MAX_PARAMS_OF_BATCH = 3 * MAX_PARAMS

/** A value has the wrong type. */
const MISFIT = Symbol('misfit')
type Misfit = typeof MISFIT

type Members = {
  query: string | undefined | Misfit
  params: (string | null)[] | undefined | Misfit
  arrayMode: boolean | null | undefined | Misfit
  queries: Statement[] | undefined | Misfit
}

/** Takes time and memory in proportion to the size, about 100 MB/s. The caller picks the thread by size. */
export function parseBody(bytes: Uint8Array): SqlRequest {
  if (!isUtf8(bytes)) throw invalid('it is not UTF-8')
  try {
    return new BodyReader(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)).read()
  } catch (error) {
    if (error instanceof RangeError) throw invalid('recursion limit exceeded')
    if (error instanceof LoneSurrogate) throw invalid('lone surrogate in a string')
    // Not the parser's own message, which quotes its input: that is SQL.
    if (error instanceof SyntaxError) throw invalid('it is not JSON')
    throw error
  }
}

class BodyReader {
  readonly #json: JsonReader
  #params = 0

  constructor(bytes: Buffer) {
    this.#json = new JsonReader(bytes)
  }

  read(): SqlRequest {
    const members = this.#members(true)
    this.#json.end()
    const statement = members && statementOf(members)
    // A body with both members is a single query.
    if (statement !== undefined) return { kind: 'single', statement }
    if (Array.isArray(members?.queries)) return { kind: 'batch', statements: members.queries }
    throw invalid('data did not match any variant of untagged enum Payload')
  }

  /** The members of a query or a batch. Of repeated names the last one counts. */
  #members(mayBeBatch: boolean): Members | undefined {
    const json = this.#json
    if (json.peek() !== '{') {
      json.skip()
      return undefined
    }
    const members: Members = {
      query: undefined,
      params: undefined,
      arrayMode: undefined,
      queries: undefined,
    }
    json.object((name) => {
      const first = json.peek()
      if (name === 'query') members.query = first === '"' ? this.#string() : this.#misfit()
      else if (name === 'params') members.params = first === '[' ? this.#list() : this.#misfit()
      else if (name === 'arrayMode') members.arrayMode = this.#flag(first)
      else if (name === 'queries' && mayBeBatch) members.queries = this.#batch(first)
      else json.skip()
    })
    return members
  }

  #batch(first: string): Statement[] | Misfit {
    if (first !== '[') return this.#misfit()
    const statements: Statement[] = []
    let misfits = 0
    this.#json.array(() => {
      if (statements.length === MAX_STATEMENTS) {
        throw tooMany(`a batch may have ${MAX_STATEMENTS} queries, and this one has more`)
      }
      const members = this.#members(false)
      const statement = members && statementOf(members)
      if (statement === undefined) misfits++
      else statements.push(statement)
    })
    return misfits === 0 ? statements : MISFIT
  }

  #list(): (string | null)[] {
    const params: (string | null)[] = []
    this.#json.array(() => {
      if (params.length === MAX_PARAMS) {
        throw tooMany(
          `a statement may have ${MAX_PARAMS} params in Postgres, and this one has more`,
        )
      }
      if (++this.#params > MAX_PARAMS_OF_BATCH) {
        throw tooMany(`a batch may have ${MAX_PARAMS_OF_BATCH} params, and this one has more`)
      }
      params.push(this.#param())
    })
    return params
  }

  /** Same as Neon's proxy, except that control characters in arrays stay unchanged. */
  #param(): string | null {
    switch (this.#json.peek()) {
      case '"':
        return this.#string()
      case '[':
        return this.#json.arrayLiteral()
      case '{':
        return this.#json.json()
      case 'n':
        this.#json.skip()
        return null
      default:
        return this.#json.scalar()
    }
  }

  /** A lone surrogate has no UTF-8 form and would silently become another character. */
  #string(): string {
    const text = this.#json.string()
    if (!text.isWellFormed()) throw new LoneSurrogate()
    return text
  }

  #flag(first: string): boolean | null | Misfit {
    if (first !== 't' && first !== 'f' && first !== 'n') return this.#misfit()
    this.#json.skip()
    return first === 'n' ? null : first === 't'
  }

  #misfit(): Misfit {
    this.#json.skip()
    return MISFIT
  }
}

function statementOf({ query, params = [], arrayMode }: Members): Statement | undefined {
  if (typeof query !== 'string' || params === MISFIT || arrayMode === MISFIT) return undefined
  return { sql: query, params, arrayMode: arrayMode ?? undefined }
}

function invalid(why: string): ProxyError {
  return bodyInvalid(why, {
    hint: 'Send {"query": "…", "params": […]} or {"queries": [{"query": "…"}, …]}.',
  })
}

/** SQLSTATE 54000, program_limit_exceeded. No variable raises these limits. */
function tooMany(why: string): ProxyError {
  return bodyInvalid(why, { code: '54000', hint: 'Send the data in several requests.' })
}

export function bodyInvalid(why: string, fields: ErrorFields): ProxyError {
  return new ProxyError('body_invalid', `could not parse the HTTP request body: ${why}`, fields)
}
