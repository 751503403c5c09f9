/**
 * The proof of isolation: lays out todos, lets somebody attack, and reports what got through.
 *
 * An attack has leaked when Alice's todos are not what they were, or when the answer, be it rows, a
 * count or an error message, tells anything about them.
 */
import { DatabaseError, type Client } from 'pg'
import { runAs, type Actor } from './as-user'
import type { Attack } from './attacks'
import { ALICE, BOB, layOutTodos } from './people'

export type Connections = { owner: Client; authenticator: Client }

/** @returns what leaked, or `null` */
export async function findLeak(
  { owner, authenticator }: Connections,
  actor: Actor,
  { statements }: Attack,
): Promise<string | null> {
  await layOutTodos(owner)
  const before = await todosOf(owner, ALICE)
  const own = actor.name === 'Bob' ? await todosOf(owner, BOB) : []
  const answer = await attempt(authenticator, actor, statements)
  if ((await todosOf(owner, ALICE)).join() !== before.join()) return 'Alice’s todos have changed'
  if (answer.text.includes('alice')) return 'the answer tells about Alice'
  if (answer.count > Math.max(own.length, answer.harmless)) return 'more rows than the actor’s own'
  return null
}

type Answer = {
  text: string
  /** Rows that the statement says it returned or changed. */
  count: number
  /** As many as a statement may count without touching anybody's todo. */
  harmless: number
}

async function attempt(client: Client, actor: Actor, statements: string[]): Promise<Answer> {
  try {
    const { rows, rowCount, command } = await runAs(client, actor, ...statements)
    // A row that says nothing, such as a subquery's NULL, is no leak; what rows say is in the text.
    return {
      text: JSON.stringify(rows),
      count: rowCount ?? 0,
      harmless: command === 'SELECT' ? rows.length : 0,
    }
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error
    // Postgres was ready to take rows, and only the client had none to send.
    const letIn = error.message.includes('COPY from stdin failed')
    const text = `${error.message} ${error.detail ?? ''} ${error.hint ?? ''}`
    return { text: letIn ? 'alice would have been planted on' : text, count: 0, harmless: 0 }
  }
}

async function todosOf(owner: Client, userId: string): Promise<string[]> {
  const { rows } = await owner.query<{ todo: string }>(
    'select todos::text as todo from todos where user_id = $1 order by 1',
    [userId],
  )
  return rows.map((row) => row.todo)
}
