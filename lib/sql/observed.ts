/** Runs queries on the server, and returns the statements that were sent for them along: to their own user. */
import 'server-only'
import type { SentStatement } from './sent-statement'
import { serverDb } from './server-db'
import type { UserDatabase } from './user-database'

export type Observed<T> = { result: T; statements: SentStatement[] }

export async function observed<T>(
  token: string,
  work: (db: UserDatabase) => Promise<T>,
): Promise<Observed<T>> {
  const statements: SentStatement[] = []
  const db = serverDb(token, (statement) => statements.push(statement))
  return { result: await work(db), statements }
}
