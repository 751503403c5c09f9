/** Serializes a flight, without parsing or describing prepared statements again. */
import type { Step } from './flight'
import type { Prepared, Statements } from './statements'
import { MessageWriter } from './writer'

type Written = { readonly bytes: Buffer; readonly prepared: readonly Prepared[] }

/** @returns the bytes to send, and the statement of each step */
export function writeFlight(statements: Statements, steps: readonly Step[]): Written {
  const writer = new MessageWriter()
  const prepared = writeSteps(writer, statements, steps)
  return { bytes: writer.sync().take(), prepared }
}

/** @param rest messages that follow the steps; the Sync may be among them, or come later */
export function writeRelay(statements: Statements, steps: readonly Step[], rest: Buffer): Written {
  const writer = new MessageWriter()
  const prepared = writeSteps(writer, statements, steps)
  return { bytes: Buffer.concat([writer.take(), rest]), prepared }
}

function writeSteps(
  writer: MessageWriter,
  statements: Statements,
  steps: readonly Step[],
): readonly Prepared[] {
  if (steps.length === 0) return []
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
  return prepared
}
