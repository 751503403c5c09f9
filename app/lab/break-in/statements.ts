/** A batch as one text: what is sent in one transaction, with a line of comment between its statements. */
import type { Sql } from '@/proxy/attacks/attack'

export const BETWEEN = '-- then, in the same transaction:'

export function asText(sql: Sql): string {
  return [sql].flat().join(`\n\n${BETWEEN}\n`)
}

/** @returns undefined when there is nothing to send */
export function fromText(text: string): string | string[] | undefined {
  const statements = text
    .split(BETWEEN)
    .map((statement) => statement.trim())
    .filter((statement) => statement !== '')
  return statements.length > 1 ? statements : statements[0]
}

const HASH = '#sql='

/** The part of a link that holds SQL: a browser sends it to no server. */
export const hashOf = (text: string) => `${HASH}${encodeURIComponent(text)}`

/** @returns undefined when the link holds none */
export function fromHash(hash: string): string | undefined {
  if (!hash.startsWith(HASH)) return undefined
  try {
    return decodeURIComponent(hash.slice(HASH.length))
  } catch {
    return undefined
  }
}
