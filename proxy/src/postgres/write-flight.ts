/** Writes a flight: what Postgres has parsed and described already is not parsed or described again. */
import type { Step } from './flight'
import type { Prepared, Statements } from './statements'
import { MessageWriter } from './writer'

/** @returns what is to be sent, and which statement each step runs */
export function writeFlight(
  statements: Statements,
  steps: readonly Step[],
): { readonly bytes: Buffer; readonly prepared: readonly Prepared[] } {
  const writer = new MessageWriter()
  for (const name of statements.takeToClose()) writer.closeStatement(name)
  const prepared: Prepared[] = []
  for (const { key, sql, params, sink, isOnlyPrepared } of steps) {
    let statement = statements.find(key)
    // Its Parse may be under way in somebody else's flight, and may fail there.
    const isInDoubt = statement?.isKept === false && !prepared.includes(statement)
    if (statement === undefined || isInDoubt) {
      statement = statements.add(isInDoubt ? undefined : key)
      writer.parse(statement.name, sql)
    }
    prepared.push(statement)
    // Postgres plans a statement when values are bound to it.
    writer.bind(statement.name, params)
    if (isOnlyPrepared === true) {
      writer.describePortal()
      continue
    }
    if (sink !== undefined && statement.fields === undefined) writer.describePortal()
    writer.execute()
  }
  return { bytes: writer.sync().take(), prepared }
}
