/** For tests: reads a Postgres array literal like the proxy's answers. */
import { AnswerMemory } from '../../src/execute/answer/answer-memory'
import { AnswerWriter } from '../../src/execute/answer/answer-writer'
import { quoted, writeArray } from '../../src/execute/answer/arrays'

/** @throws Error when it is not an array literal */
export function readArray(literal: string, delimiter = ','): unknown {
  const noOutlet = () => {
    throw new Error('the answer left before its end')
  }
  const writer = new AnswerWriter(
    { answerBytes: 1_000_000, rows: 1, memory: new AnswerMemory(0) },
    noOutlet,
    { pause: () => undefined, resume: () => undefined },
  )
  // Surrounded by other bytes, as in a row.
  const data = Buffer.from(`"${literal}"`)
  writeArray(writer, data, 1, data.length - 1, delimiter, quoted)
  return JSON.parse(Buffer.concat(writer.take()).toString())
}
