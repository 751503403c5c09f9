/** `sharing`: what the policies of shared lists cost, against the same query with explicit conditions. */
import { Client } from 'pg'
import { startTestDatabase } from '../../dev/postgres/testing/test-database'
import type { Measurement } from '../bench'
import { byTurns } from '../by-turns'
import { digits, milliseconds, whole } from '../report/format'
import { asUser, plan } from '../scene/explain'
import { openSessions } from '../scene/sessions'
import { layOutSharedLists, listId, LISTS, TODOS_IN_EACH, userOf } from '../scene/shared-lists'
import { median, ratios } from '../statistics'
import { blockMedians, sealed, USERS_ASKED } from './rls-size'

const MOST_OF_OWNER = 1.3

const COLUMNS =
  'id, user_id, task, is_complete, inserted_at, list_id, notes, due_on, due_time, position, hidden_at'
/** As db/policies.ts writes it. */
const PRIVATE = 'case when list_id is null then true else false end'
const PAGE = 'order by position, id limit 51'

type Ask = { readonly user: string; readonly list: string }

type Case = {
  readonly what: string
  /** The query of a user, and what its parameters are. */
  readonly sql: string
  readonly params: (ask: Ask) => string[]
  /** What an app without policies has to write to get the same rows. */
  readonly explicit: string
  readonly explicitParams: (ask: Ask) => string[]
  readonly isGoal?: true
}

const CASES: readonly Case[] = [
  {
    what: 'a shared list',
    sql: `select ${COLUMNS} from todos where list_id = $1 ${PAGE}`,
    params: ({ list }) => [list],
    explicit: `select ${COLUMNS} from todos where list_id = $1 and hidden_at is null
      and exists (select from list_members as m where m.list_id = $1 and m.user_id = $2) ${PAGE}`,
    explicitParams: ({ list, user }) => [list, user],
  },
  {
    what: 'the private list',
    sql: `select ${COLUMNS} from todos where ${PRIVATE} and (select auth.user_id()) = user_id ${PAGE}`,
    params: () => [],
    explicit: `select ${COLUMNS} from todos where ${PRIVATE} and user_id = $1 ${PAGE}`,
    explicitParams: ({ user }) => [user],
  },
  {
    what: 'the todos of all lists',
    sql: `select ${COLUMNS} from todos order by position, id`,
    params: () => [],
    explicit: `select ${COLUMNS} from todos where ${PRIVATE} and user_id = $1 or hidden_at is null
      and list_id = any (array(select m.list_id from list_members as m where m.user_id = $1)) order by position, id`,
    explicitParams: ({ user }) => [user],
    isGoal: true,
  },
  {
    what: 'the lists themselves',
    sql: `select l.id, l.name, m.role from lists as l join list_members as m on m.list_id = l.id
      where m.user_id = (select auth.user_id()) order by l.name, l.id`,
    params: () => [],
    explicit: `select l.id, l.name, m.role from lists as l join list_members as m on m.list_id = l.id
      where m.user_id = $1 order by l.name, l.id`,
    explicitParams: ({ user }) => [user],
  },
]

export const sharing: Measurement = async (bench) => {
  const database = await startTestDatabase()
  const stop = bench.atEnd(database.stop)
  const owner = await open(database.ownerUrl)
  const authenticator = await open(database.authenticatorUrl)
  const lists = Array.from({ length: USERS_ASKED }, (_, i) => Math.floor((i * LISTS) / USERS_ASKED))
  const asks = lists.map((n) => ({
    list: listId(n),
    user: userOf(n),
    token: sealed(database, userOf(n)),
  }))
  try {
    bench.say(`policies over ${whole(LISTS * TODOS_IN_EACH)} todos in ${whole(LISTS)} lists`)
    await layOutSharedLists(owner, lists)
    const sessions = await openSessions(database)
    const rows: string[][] = []
    const found: number[] = []
    const plans: string[] = []
    for (const { what, sql, params, explicit, explicitParams } of CASES) {
      // Each asks for another user than the other, or it would find the rows in the cache.
      const inTurn = (offset: number) => {
        let turn = Math.floor((offset * asks.length) / 2)
        return () => asks[turn++ % asks.length] ?? { list: '', user: '', token: '' }
      }
      const [forUser, forOwner] = [inTurn(0), inTurn(1)]
      const flights = [
        () => {
          const ask = forUser()
          return sessions.asUser(ask.token, sql, 'authenticated', params(ask))
        },
        () => sessions.asOwner(explicit, explicitParams(forOwner())),
      ]
      const [users = [], owners = []] = await byTurns(flights, bench.pace.repetitions)
      const ratio = ratios(blockMedians(users), blockMedians(owners)).median
      found.push(ratio)
      rows.push([what, milliseconds(median(owners)), milliseconds(median(users)), digits(ratio)])
      const first = forUser()
      const literal = sql.replace('$1', `'${first.list}'`)
      const shown = await asUser(authenticator, first.token, (client) => plan(client, literal))
      plans.push(`Through policies, ${what}:`, `\`\`\`\n${shown}\n\`\`\``)
    }
    sessions.close()
    return {
      title: 'Policies of shared lists',
      method: [
        `${whole(LISTS * TODOS_IN_EACH)} todos in ${whole(LISTS)} lists with three members each; a user belongs to 30 of them, and has 100 private todos besides. Users ask through the policies (one flight: become the user, ask), and the owner asks for the same rows with the conditions that an app without policies would write; by turns, for ${USERS_ASKED} users in turn.`,
      ],
      tables: [
        { head: ['what is listed', 'explicit conditions', 'through policies', 'ratio'], rows },
      ],
      notes: [
        'A page or a small list takes so little that the fixed cost of a query shows: the seal, verified for each function that asks who the user is, and the list of the user’s lists. It does not grow with the table.',
        ...plans,
      ],
      goals: CASES.flatMap(({ what, isGoal }, i) => {
        const ratio = found[i] ?? Number.NaN
        return isGoal
          ? [
              {
                what: `Policies of shared lists: ${what}, by explicit conditions`,
                wanted: `≤ ${MOST_OF_OWNER}`,
                found: digits(ratio),
                isReached: ratio <= MOST_OF_OWNER,
              },
            ]
          : []
      }),
    }
  } finally {
    await owner.end()
    await authenticator.end()
    await stop()
  }
}

async function open(connectionString: string): Promise<Client> {
  const client = new Client({ connectionString })
  client.on('error', () => undefined)
  await client.connect()
  return client
}
