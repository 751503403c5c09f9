import 'server-only'
import { openReports } from '@/db/queries/reports'
import { failed, succeeded, type Result } from '@/lib/problem'
import { moderatorDb } from '@/lib/sql/moderator-db'
import { sqlProblem } from '@/lib/sql/sql-problem'
import { byTodo, type Reported } from './reported'

/** What was reported; `refused` for everyone but moderators, which the SQL proxy and the policies decide. */
export async function loadReported(token: string): Promise<Result<Reported[]>> {
  try {
    return succeeded(byTodo(await openReports(moderatorDb(token))))
  } catch (error) {
    return failed(sqlProblem(error))
  }
}
