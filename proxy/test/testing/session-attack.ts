/** For tests: runs an attack in a transaction of a session, with simple messages and with prepared statements. */
import assert from 'node:assert/strict'
import type { TestProxy } from './proxy'
import {
  bind,
  errorOf,
  execute,
  logIn,
  openWebSocket,
  parse,
  simple,
  SYNC,
  type Wire,
  type WireMessage,
} from './wire'

/** What a session has besides the statements that the gate judges; each is harmless by itself. */
const OF_SESSIONS =
  /^\s*(begin|start|commit|rollback|savepoint|set (local )?timezone|discard all|deallocate)\b/i
/** What attacks are to make use of. */
const READS = /^(declare c cursor for |select 1; )?select \* from memos$/

type Answer = { readonly sql: string; readonly code: string | undefined; readonly text: string }

/** @returns everything that the attacker was told */
export async function attackInSession(
  { issuer, ownerUrl }: Pick<TestProxy, 'issuer' | 'ownerUrl'>,
  url: string,
  statements: readonly string[],
): Promise<readonly Answer[]> {
  const database = new URL(ownerUrl).pathname.slice(1)
  const answers: Answer[] = []
  for (const isPrepared of [false, true]) {
    const wire = await openWebSocket(url)
    await logIn(wire, { password: await issuer.token('bob'), database })
    for (const sql of ['begin', ...statements, 'commit']) {
      const message = isPrepared ? [parse(sql), bind(), execute(), SYNC] : [simple(sql)]
      const told = await answerOf(wire, message)
      if (told === undefined) break
      const error = told.find(({ type }) => type === 'E')
      const text = Buffer.concat(told.map(({ body }) => body)).toString('utf8')
      answers.push({ sql, code: error && (errorOf(error.body).C ?? ''), text })
    }
    wire.close()
  }
  return answers
}

/** With the gate, only what sessions have besides it may run. */
export function assertRefused(answers: readonly Answer[]): void {
  for (const { sql, code } of answers) {
    if (OF_SESSIONS.test(sql) || READS.test(sql)) continue
    assert.match(code ?? 'it ran', /^(42501|42601|0A000|25P02|26000)$/, sql)
  }
}

/** @returns undefined when the session has ended */
async function answerOf(wire: Wire, message: Buffer[]): Promise<WireMessage[] | undefined> {
  wire.send(...message)
  try {
    return await wire.until('Z')
  } catch {
    return undefined
  }
}
