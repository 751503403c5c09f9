/**
 * The list as a file: a fingerprint and its statement on each line, sorted by statement, so that a
 * diff shows what the application may now do. The two are compared when the file is read: a
 * statement that was edited by hand, or shown in place of another, is found.
 */
import { readFileSync } from 'node:fs'
import type { Parser } from '../gate/parser'
import { identify } from './identify'
import type { Entry } from './normalize'

const HEADER = `# The statements that may run when PROXY_ALLOWLIST names this file, each behind its fingerprint
# (libpg_query's, which leaves values out; '' and 0 stand for values). Written by
# \`npm run proxy:allowlist\` from what the application's own tests send: review its changes as code.
`

export function formatLine({ fingerprint, sql }: Pick<Entry, 'fingerprint' | 'sql'>): string {
  return `${fingerprint} ${sql}\n`
}

export function formatFile(lines: readonly string[]): string {
  const unique = [...new Set(lines.map((line) => line.trim()).filter((line) => line !== ''))]
  const sql = (line: string) => line.slice(line.indexOf(' ') + 1)
  unique.sort((a, b) => (sql(a) < sql(b) ? -1 : sql(a) > sql(b) ? 1 : 0))
  return `${HEADER}${unique.map((line) => `${line}\n`).join('')}`
}

/** Fingerprint → the words of each statement that has it. */
export type List = ReadonlyMap<string, ReadonlySet<string>>

/** @throws Error with one sentence that names the file and, where it is one line's fault, the line */
export async function readList(parser: Parser, path: string): Promise<List> {
  const list = new Map<string, Set<string>>()
  for (const { where, fingerprint, sql } of readLines(path)) {
    const name = await identify(parser, sql)
    if (name === undefined) throw new Error(`${where}: the statement is not valid SQL`)
    if (name.fingerprint !== fingerprint) {
      throw new Error(
        `${where}: the statement's fingerprint is ${name.fingerprint} and not ${fingerprint}; write the one that fits the statement that you mean`,
      )
    }
    list.set(fingerprint, (list.get(fingerprint) ?? new Set<string>()).add(name.words))
  }
  if (list.size === 0) {
    throw new Error(`${path} lists no statement; record some with \`npm run proxy:allowlist\``)
  }
  return list
}

/**
 * The statements of a file in this form; whether their fingerprints fit is not looked at.
 * @throws Error with one sentence
 */
export function readStatements(path: string): readonly string[] {
  return readLines(path).map(({ sql }) => sql)
}

type Line = { readonly where: string; readonly fingerprint: string; readonly sql: string }

function readLines(path: string): readonly Line[] {
  return readText(path)
    .split('\n')
    .flatMap((raw, index) => {
      const line = raw.trim()
      if (line === '' || line.startsWith('#')) return []
      const where = `${path}, line ${index + 1}`
      const [, fingerprint, sql] = /^([0-9a-f]{16})\s+(.+)$/.exec(line) ?? []
      if (fingerprint === undefined || sql === undefined) {
        throw new Error(
          `${where}: this is no fingerprint (16 hex digits) followed by its statement`,
        )
      }
      return [{ where, fingerprint, sql }]
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
