/** One statement cannot take the memory of the whole server. This must be tried, so it runs only on request. */
import { PostgresError } from '../src/postgres/messages'
import { weak, type Check } from './check'

/** Postgres limits a value to 1 GB. */
const PROBE = `select pg_catalog.length(pg_catalog.repeat('x', 900000000))`
const OUT_OF_MEMORY = '53200'

export const memoryCheck: Check = {
  name: 'memory',
  group: 'Memory',
  good: 'a statement that needs 900 MB fails alone, with SQLSTATE 53200',
  run: async ({ database }) => {
    try {
      await database.query(PROBE)
    } catch (error) {
      if (error instanceof PostgresError && error.fields.code === OUT_OF_MEMORY) return []
      throw error
    }
    return [
      weak(
        'a statement may take 900 MB of memory: a few at once have the kernel kill Postgres, which ends every session',
        'On Linux bound each process of Postgres: LimitDATA=256M in its systemd unit, or `ulimit -d 262144` before it starts.',
      ),
    ]
  },
}
