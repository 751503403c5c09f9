/**
 * `npm run proxy:check`: the proxy's checks, and whether the database is what `db/schema` declares,
 * which the proxy cannot know. That needs DATABASE_URL; the other checks log in as the proxy does.
 */
import { checkCommand } from '../proxy/check/command'
import { weak, type Finding } from '../proxy/check/check'
import { DatabaseError } from '../proxy/install/database-error'
import { withOwner } from '../proxy/install/owner'
import { findDrift } from './drift'
import { isLive } from './migrate'
import * as schema from './schema'

const NAME = 'schema-drift'

await checkCommand([
  {
    name: NAME,
    run: async () => ({
      name: NAME,
      group: 'Schema',
      good: 'tables, policies, constraints, indexes, quotas, live rows, enums and views are those that db/schema declares',
      findings: await compare(process.env.DATABASE_URL ?? ''),
    }),
  },
])

async function compare(databaseUrl: string): Promise<readonly Finding[]> {
  try {
    return await withOwner(databaseUrl, (client) =>
      findDrift(client, schema, isLive(process.env.PROXY_LIVE)),
    )
  } catch (error) {
    const why = error instanceof DatabaseError ? error.message : 'no answer.'
    return [
      weak(
        `the database was not compared with db/schema. ${why}`,
        'Set DATABASE_URL to the owner’s connection string, as for `npm run db:migrate`.',
      ),
    ]
  }
}
