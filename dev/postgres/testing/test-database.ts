/**
 * A throwaway database with the app's tables, for tests. Where TEST_DATABASE_URL names a server (a
 * superuser's connection string), it is on that: roles belong to a whole server, so use none that anything
 * else relies on.
 */
import { migrate } from '../../../db/migrate'
import {
  startThrowawayDatabase,
  type TestDatabase,
} from '../../../proxy/test/postgres/throwaway-database'

export type { TestDatabase }

export function startTestDatabase(given = process.env.TEST_DATABASE_URL): Promise<TestDatabase> {
  return startThrowawayDatabase(migrate, given)
}
