/** Serializes a flight, without parsing or describing prepared statements again. */
import type { Step } from './flight'
import type { Prepared, Statements } from './statements'
import { MessageWriter } from './writer'

/** @returns the bytes to send, and the statement of each step */
export function writeFlight(
  statements: Statements,
  steps: readonly Step[],
): { readonly bytes: Buffer; readonly prepared: readonly Prepared[] } {
  const writer = new MessageWriter()
  for (const name of statements.takeToClose()) writer.closeStatement(name)
  const prepared: Prepared[] = []
  for (const { key, sql, params, sink, isOnlyPrepared } of steps) {
    let statement = statements.find(key)
    // Its Parse may be part of another flight that has not landed, and may fail there.
    const isInDoubt = statement?.isKept === false && !prepared.includes(statement)
    if (statement === undefined || isInDoubt) {
      statement = statements.add(isInDoubt ? undefined : key)
      writer.parse(statement.name, sql)
    }
    prepared.push(statement)
    // Postgres plans a statement at Bind.
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
