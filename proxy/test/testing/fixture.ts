/** The database of the proxy's tests: what the proxy installs, and one table whose policies keep users apart. */
import { readFileSync } from 'node:fs'
import { sql } from 'drizzle-orm'
import { boolean, pgTable, text, timestamp, uuid } from 'drizzle-orm/pg-core'
import { install, type InstallOptions } from '../../install/install'
import { startThrowawayDatabase, type TestDatabase } from '../postgres/throwaway-database'

export type { TestDatabase }

export const FIXTURE = readFileSync(new URL('./fixture.sql', import.meta.url), 'utf8')

/** The table of fixture.sql, for Drizzle. */
export const memos = pgTable('memos', {
  id: uuid().primaryKey().defaultRandom(),
  userId: text('user_id')
    .notNull()
    .default(sql`auth.user_id()`),
  body: text().notNull(),
  isArchived: boolean('is_archived').notNull().default(false),
  insertedAt: timestamp('inserted_at', { withTimezone: true, mode: 'string' })
    .notNull()
    .defaultNow(),
})

/** Does nothing that has been done already. */
export function installFixture(options: InstallOptions): Promise<void> {
  return install(options, async (client) => {
    const { rowCount } = await client.query(`select where to_regclass('public.memos') is null`)
    if (rowCount === 1) await client.query(FIXTURE)
  })
}

/** On the server that PROXY_TEST_DATABASE_URL names (a superuser's connection string), if it is set. */
export function startTestDatabase(
  given = process.env.PROXY_TEST_DATABASE_URL,
): Promise<TestDatabase> {
  return startThrowawayDatabase(installFixture, given)
}
