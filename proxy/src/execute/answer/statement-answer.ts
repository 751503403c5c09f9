/** One statement's answer as JSON, with exactly the members of Neon's protocol. */
import { ProxyError } from '../../errors'
import type { Field, Sink } from '../../postgres/messages'
import type { AnswerWriter } from './answer-writer'
import { commandOf } from './command'
import { formatOf, type RowFormat, type Shape } from './row-format'
import { encoderOf, type ArrayTypes } from './types'

const COMMA = Buffer.from(',')

export class StatementAnswer implements Sink {
  readonly #writer: AnswerWriter
  readonly #shape: Shape
  readonly #catalog: ArrayTypes
  readonly #previous: StatementAnswer | undefined
  #fields: readonly Field[] = []
  #format: RowFormat | undefined
  #rows = 0
  #tag = ''
  /** Rows that wait because a type, here or in an earlier statement, still has to be looked up. */
  #waiting: Buffer[] | undefined

  /** @param previous the statement before it in a batch */
  constructor(writer: AnswerWriter, shape: Shape, catalog: ArrayTypes, previous?: StatementAnswer) {
    this.#writer = writer
    this.#shape = shape
    this.#catalog = catalog
    this.#previous = previous
  }

  onFields(fields: readonly Field[]): void {
    this.#fields = fields
    this.#format = formatOf(fields, this.#shape, this.#catalog)
    if (this.#format === undefined || this.#previous?.isWaiting === true) this.#waiting = []
    else this.#begin(this.#format)
  }

  onRow(data: Buffer, start: number, end: number): void {
    if (this.#waiting === undefined) {
      this.#write(data, start)
      this.#writer.countRow()
      return
    }
    this.#waiting.push(Buffer.from(data.subarray(start, end)))
    this.#writer.countRow(end - start)
  }

  onComplete(tag: string): void {
    this.#tag = tag
    if (this.#waiting === undefined) this.#end()
  }

  get isWaiting(): boolean {
    return this.#waiting !== undefined
  }

  /** Types to look up in the catalog before `finish`. */
  unknownTypes(): number[] {
    if (this.#format !== undefined) return []
    return this.#fields
      .filter(({ dataTypeID }) => encoderOf(dataTypeID, this.#catalog) === undefined)
      .map(({ dataTypeID }) => dataTypeID)
  }

  /**
   * Writes the rows that had to wait.
   * @throws ProxyError when a value does not fit its type
   */
  finish(): void {
    if (this.#waiting === undefined) return
    const format = formatOf(this.#fields, this.#shape, this.#catalog)
    if (format === undefined) throw undecodable()
    this.#begin(format)
    for (const row of this.#waiting) {
      this.#write(row, 0)
      this.#writer.countWritten(row.length)
    }
    this.#end()
  }

  #begin(format: RowFormat): void {
    this.#format = format
    if (this.#previous !== undefined) this.#writer.bytes(COMMA)
    this.#writer.bytes(format.head)
  }

  #write(data: Buffer, start: number): void {
    if (this.#rows++ > 0) this.#writer.bytes(COMMA)
    try {
      this.#format?.write(this.#writer, data, start)
    } catch (error) {
      if (error instanceof ProxyError) throw error
      throw undecodable()
    }
  }

  #end(): void {
    const { command, rowCount } = commandOf(this.#tag)
    const count = rowCount === null ? 'null' : String(rowCount)
    this.#writer.text(
      `],"command":${JSON.stringify(command)},"rowCount":${count},"rowAsArray":${String(this.#shape.arrayMode)}}`,
    )
  }
}

function undecodable(): ProxyError {
  return new ProxyError('answer_undecodable', 'could not parse postgres response')
}
