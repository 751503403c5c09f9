/**
 * The file format: one statement per line, sorted, so that a diff shows the changes.
 */
import { readFileSync } from 'node:fs'
import type { Parser } from '../parser'
import { identify } from './identify'

const HEADER = `# The statements that may run when PROXY_ALLOWLIST names this file, one a line. Parameters ($1) take
# any value; everything else counts: constants, DEFAULT, order and number. Written by
# \`npm run proxy:allowlist\` from what the application's own tests send: review its changes as code.
`

export function formatFile(statements: readonly string[]): string {
  const lines = statements.map((line) => line.trim()).filter((line) => line !== '')
  return `${HEADER}${[...new Set(lines)]
    .sort()
    .map((line) => `${line}\n`)
    .join('')}`
}

/** The names of the statements, from `identify`. */
export type List = ReadonlySet<string>

/** @throws Error with one sentence that names the file and, if possible, the line */
export async function readList(parser: Parser, path: string): Promise<List> {
  const list = new Set<string>()
  for (const { where, sql } of readLines(path)) {
    const name = await identify(parser, sql)
    if (name === undefined) throw new Error(`${where}: ${whyNot(sql)}`)
    list.add(name)
  }
  if (list.size === 0) {
    throw new Error(`${path} lists no statement; record some with \`npm run proxy:allowlist\``)
  }
  return list
}

/**
 * The statements of such a file, without checking that they are valid SQL.
 * @throws Error with one sentence
 */
export function readStatements(path: string): readonly string[] {
  return readLines(path).map(({ sql }) => sql)
}

function whyNot(line: string): string {
  return /^[0-9a-f]{16}\s/.test(line)
    ? 'a fingerprint stands before the statement, as in lists of an earlier version; record the list again with `npm run proxy:allowlist`'
    : 'this is not one valid SQL statement'
}

type Line = { readonly where: string; readonly sql: string }

function readLines(path: string): readonly Line[] {
  return readText(path)
    .split('\n')
    .flatMap((raw, index) => {
      const sql = raw.trim()
      if (sql === '' || sql.startsWith('#')) return []
      return [{ where: `${path}, line ${index + 1}`, sql }]
    })
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    const { code } = error as { code?: string }
    throw new Error(`${path} cannot be read (${code ?? 'unknown reason'})`)
  }
}
