/** `rls`: what policies cost as a table grows, against the same query with an explicit WHERE. */
import { statfsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { Client } from 'pg'
import { startTestDatabase } from '../../dev/postgres/testing/test-database'
import type { Measurement } from '../bench'
import { digits, milliseconds, whole } from '../report/format'
import { asUser, plan } from '../scene/explain'
import { addTrustingRole, BYTES_PER_ROW, growTo, TODOS_OF_EACH } from '../scene/growing-table'
import { LIST } from '../scene/statements'
import { goals, perRowChart } from './rls-goals'
import {
  measureSize,
  MOST_PER_ROW,
  PER_ROW_LIST,
  sealed,
  USERS_ASKED,
  type Askers,
  type Size,
} from './rls-size'

export const rls: Measurement = async (bench) => {
  const database = await startTestDatabase()
  const stop = bench.atEnd(database.stop)
  const owner = await open(database.ownerUrl)
  const authenticator = await open(database.authenticatorUrl)
  const askers = { database, owner, authenticator }
  const free = freeBytes()
  const wanted = bench.pace.tableSizes.filter((rows) => rows * BYTES_PER_ROW < free)
  const sizes: Size[] = []
  const plans: string[] = []
  try {
    await addTrustingRole(owner)
    for (const rows of wanted) {
      bench.say(`policies over ${whole(rows)} todos`)
      await growTo(owner, sizes.at(-1)?.rows ?? 0, rows)
      sizes.push(await measureSize(askers, rows, bench.pace.repetitions))
      if (rows === MOST_PER_ROW) plans.push(...(await plansOf(askers)))
    }
  } finally {
    await owner.end()
    await authenticator.end()
    await stop()
  }
  const skipped = bench.pace.tableSizes.filter((rows) => !wanted.includes(rows))
  return {
    title: 'Policies as the table grows',
    method: [
      `A user lists their own ${TODOS_OF_EACH} todos through the policies (one flight: become the user, list), and the owner runs the same query with \`where user_id = …\`; by turns, for ${USERS_ASKED} users in turn. Policy alone: the same flight, whose policy takes the user’s id from a plain setting. Nobody should do so, for anybody can set one; the difference is what the seal costs, once for each query.`,
      'Per row: the policy as `(select auth.user_id() = user_id)`, on a copy of the table; its execution alone, by EXPLAIN (ANALYZE).',
    ],
    tables: [
      {
        head: [
          'todos',
          'explicit WHERE',
          'policy alone',
          'ratio',
          'through policies',
          'ratio',
          'per-row policy',
        ],
        rows: sizes.map(({ rows, flight, perRow }) => [
          whole(rows),
          milliseconds(flight.owner),
          milliseconds(flight.trusting),
          digits(flight.ratio.trusting.median),
          milliseconds(flight.user),
          digits(flight.ratio.user.median),
          milliseconds(perRow),
        ]),
      },
    ],
    notes: [
      ...skipped.map(
        (rows) => `Without ${whole(rows)} todos: the disk has too little room for them.`,
      ),
      ...plans,
    ],
    charts: [perRowChart(sizes)],
    goals: goals(sizes),
  }
}

/** The two policies' plans, side by side. */
async function plansOf({ database, authenticator }: Askers): Promise<string[]> {
  const token = sealed(database, 'user_1')
  const planOf = async (sql: string) => {
    const show = () => asUser(authenticator, token, (client) => plan(client, sql))
    // The first run brings the pages into memory.
    await show()
    return `\`\`\`\n${await show()}\n\`\`\``
  }
  return [
    'Evaluated once, `(select auth.user_id()) = user_id`: the index finds the rows.',
    await planOf(LIST),
    'Evaluated per row, `(select auth.user_id() = user_id)`: every row is read, and asked about.',
    await planOf(PER_ROW_LIST),
  ]
}

async function open(connectionString: string): Promise<Client> {
  const client = new Client({ connectionString })
  client.on('error', () => undefined)
  await client.connect()
  return client
}

/** Free space where Postgres keeps its data, with a margin for everything else. */
function freeBytes(): number {
  const { bavail, bsize } = statfsSync(tmpdir())
  return bavail * bsize * 0.8
}
