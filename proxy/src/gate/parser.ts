/**
 * Postgres' own parser (libpg_query in WebAssembly), safe for hostile input: an instance that threw is
 * discarded, because a stack overflow leaves its memory inconsistent.
 */
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'

export type ParseResult =
  | { readonly kind: 'tree'; readonly statements: readonly unknown[] }
  | { readonly kind: 'syntax'; readonly message: string; readonly position: number }
  /** Nested too deeply, or its tree is too large. */
  | { readonly kind: 'too-complex' }

export type Token = {
  /** Byte offsets in the SQL. */
  readonly start: number
  readonly end: number
  /** The grammar's name for it: IDENT, SCONST, C_COMMENT, … */
  readonly tokenName: string
}

export type Parser = {
  parse(sql: Uint8Array): Promise<ParseResult>
  /** Undefined if the SQL cannot be split into tokens. */
  scan(sql: Uint8Array): Promise<readonly Token[] | undefined>
}

/** The parts of Emscripten's module that are used here. */
type Wasm = {
  readonly HEAPU8: Uint8Array
  getValue(pointer: number, type: 'i32'): number
  UTF8ToString(pointer: number): string
  _malloc(bytes: number): number
  _free(pointer: number): void
  _wasm_parse_query_raw(sql: number): number
  _wasm_free_parse_result(result: number): void
  _wasm_scan(sql: number): number
  _wasm_free_string(text: number): void
}
type Factory = (options: {
  print(text: string): void
  printErr(text: string): void
  instantiateWasm(
    imports: WebAssembly.Imports,
    done: (instance: WebAssembly.Instance, module: WebAssembly.Module) => void,
  ): object
}) => Promise<Wasm>

/**
 * Compiles the parser once (about 6 ms) and keeps one instance ready (another 6 ms to replace it). The
 * package's entry point never replaces its instance, so the generated module below it is loaded instead.
 * @param treeBytes limit for one statement's tree
 * @param moduleUrl of a file from which libpg-query can be resolved
 */
export async function createParser(
  treeBytes = TREE_BYTES,
  moduleUrl = import.meta.url,
): Promise<Parser> {
  const require = createRequire(moduleUrl)
  const factory = require('libpg-query/wasm/libpg-query.js') as Factory
  const binary = await readFile(require.resolve('libpg-query/wasm/libpg-query.wasm'))
  const compiled = await WebAssembly.compile(binary)

  const bytes = Math.min(treeBytes, MOST_TREE_BYTES)
  let instance = instantiate(factory, compiled, bytes)
  let isFresh = true
  await instance
  const guarded = async <T>(work: (wasm: Wasm) => T): Promise<T | undefined> => {
    for (;;) {
      const wasm = await instance
      const { exitCode } = process
      const wasFresh = isFresh
      try {
        isFresh = false
        return work(wasm)
      } catch {
        // When the parser gives up, Emscripten sets our process' exit code.
        process.exitCode = exitCode
        instance = instantiate(factory, compiled, bytes)
        isFresh = true
        // Earlier statements may have left too little memory, so a fresh instance tries again.
        if (wasFresh) return undefined
      }
    }
  }
  return {
    parse: async (sql) =>
      (await guarded((wasm) => parseWith(wasm, sql))) ?? { kind: 'too-complex' },
    scan: async (sql) => {
      const text = await guarded((wasm) => scanText(wasm, sql))
      if (text?.startsWith('{') !== true) return undefined
      return (JSON.parse(text) as { tokens: Token[] }).tokens
    },
  }
}

/** The module's stack and tables, at the start of its 128 MiB. */
const OWN_BYTES = 34 * 1024 * 1024
/**
 * Memory for the tree and its text, which takes at most half of this. A few kilobytes of
 * `(a,b,c,…) = row(…)` would take 24 MB, and several times that as JavaScript objects, because the tree
 * repeats the right side for each column. 256 kB of ordinary SQL take less than 6 MB.
 */
export const TREE_BYTES = 16 * 1024 * 1024
/** The most memory that is available for a tree. */
const MOST_TREE_BYTES = 90 * 1024 * 1024

async function instantiate(
  factory: Factory,
  compiled: WebAssembly.Module,
  treeBytes: number,
): Promise<Wasm> {
  const wasm = await factory({
    print: () => undefined,
    printErr: () => undefined,
    instantiateWasm(imports, done) {
      const instance = new WebAssembly.Instance(compiled, imports)
      for (const exported of Object.values(instance.exports)) {
        if (exported instanceof WebAssembly.Memory) exported.grow = refuseToGrow
      }
      done(instance, compiled)
      return {}
    },
  })
  // Allocated but never touched: it costs only address space, and the rest bounds the tree.
  const taken = wasm._malloc(wasm.HEAPU8.length - OWN_BYTES - treeBytes)
  if (taken === 0) throw new Error('the parser has another memory than it had')
  return wasm
}

function refuseToGrow(): never {
  throw new RangeError('the parser may not use more memory')
}

/** Passes the bytes unchanged, so that the parser reads exactly what Postgres will read. */
function pushText(wasm: Wasm, sql: Uint8Array): number {
  const text = wasm._malloc(sql.length + 1)
  if (text === 0) throw new RangeError('out of memory')
  wasm.HEAPU8.set(sql, text)
  wasm.HEAPU8[text + sql.length] = 0
  return text
}

function scanText(wasm: Wasm, sql: Uint8Array): string {
  const text = pushText(wasm, sql)
  const result = wasm._wasm_scan(text)
  if (result === 0) throw new RangeError('out of memory')
  const answer = wasm.UTF8ToString(result)
  wasm._free(text)
  wasm._wasm_free_string(result)
  return answer
}

function parseWith(wasm: Wasm, sql: Uint8Array): ParseResult {
  const text = pushText(wasm, sql)
  const result = wasm._wasm_parse_query_raw(text)
  if (result === 0) throw new RangeError('out of memory')
  // struct PgQueryParseResult { char *parse_tree; char *stderr_buffer; PgQueryError *error; }
  const tree = wasm.getValue(result, 'i32')
  const error = wasm.getValue(result + 8, 'i32')
  const answer = error === 0 ? readTree(wasm, tree) : readError(wasm, error)
  wasm._free(text)
  wasm._wasm_free_parse_result(result)
  return answer
}

function readTree(wasm: Wasm, pointer: number): ParseResult {
  const parsed = JSON.parse(wasm.UTF8ToString(pointer)) as { stmts?: unknown }
  if (!Array.isArray(parsed.stmts)) throw new Error('the parser gave no list of statements')
  return { kind: 'tree', statements: parsed.stmts }
}

/** struct PgQueryError { char *message, *funcname, *filename; int lineno, cursorpos; char *context; } */
function readError(wasm: Wasm, pointer: number): ParseResult {
  const message = wasm.UTF8ToString(wasm.getValue(pointer, 'i32'))
  if (/out of memory|memory exhausted|stack depth|invalid memory alloc/.test(message)) {
    throw new RangeError(message)
  }
  return { kind: 'syntax', message, position: wasm.getValue(pointer + 16, 'i32') }
}
