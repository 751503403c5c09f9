'use server'
/** The server action of moderators. All arguments are untrusted. */

import { revalidatePath } from 'next/cache'
import { deleteReports, setHidden } from '@/db/queries/reports'
import { deleteTodo } from '@/db/queries/todos'
import { currentSession } from '@/lib/auth/session'
import { failed, succeeded, type Result } from '@/lib/problem'
import { moderatorDb } from '@/lib/sql/moderator-db'
import { sqlProblem } from '@/lib/sql/sql-problem'
import type { UserDatabase } from '@/lib/sql/user-database'
import { decisionSchema, type Decision } from './decision'

/** Carries a decision out as a moderator: for anyone else, the SQL proxy refuses the role. */
export async function moderate(input: unknown): Promise<Result<null>> {
  const decision = decisionSchema.safeParse(input)
  if (!decision.success) return failed('refused')
  const session = await currentSession()
  if (!session) return failed('signed-out')
  try {
    const isDone = await carryOut(moderatorDb(session.token), decision.data)
    return isDone ? succeeded(null) : failed('gone')
  } catch (error) {
    return failed(sqlProblem(error))
  } finally {
    // After a failure, too: another moderator may have been faster.
    revalidatePath('/moderate')
  }
}

/** @returns whether there was something to decide about */
async function carryOut(db: UserDatabase, { type, id }: Decision): Promise<boolean> {
  switch (type) {
    case 'hide':
    case 'show':
      return (await setHidden(db, id, type === 'hide')) !== undefined
    case 'delete':
      return (await deleteTodo(db, id)) !== undefined
    case 'dismiss':
      return (await deleteReports(db, id)).length > 0
  }
}
