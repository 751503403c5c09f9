/** Adds a batch of an import on the server's or the browser's database, and never throws. */
import { findTodos } from '@/db/queries/many-todos'
import { insertTodos } from '@/db/queries/todos'
import { failed, succeeded, type Result } from '@/lib/problem'
import type { UserDatabase } from '@/lib/sql/user-database'
import { sqlProblem } from '@/lib/sql/sql-problem'
import type { AddBatch, Added } from './add-todos'

export async function performAdd(
  db: UserDatabase,
  batch: Parameters<AddBatch>[0],
): Promise<Result<Added>> {
  try {
    const added = new Set((await insertTodos(db, batch)).map(({ id }) => id))
    const others = batch.map(({ id }) => id).filter((id) => !added.has(id))
    const present = others.length > 0 ? await findTodos(db, others) : []
    return succeeded({ added: [...added], present: present.map(({ id }) => id) })
  } catch (error) {
    return failed(sqlProblem(error))
  }
}
