/** Calls an endpoint as Bob, in a world of its own where either the code or the policies decide. */
import { z } from 'zod'
import { ATTACKER, OTHERS } from '../attempt/scene'
import type { Outcome } from '../service/api'
import { LabError, type Lab } from '../service/client'
import type { Endpoint, Way } from './endpoints'
import * as inCode from './in-code'
import { Forbidden, type Row, type Sql } from './sql'
import * as withPolicies from './with-policies'

export type EndpointAnswer = {
  readonly status: 200 | 403 | 404
  readonly rows: readonly Row[]
  /** Ids of private todos of others that are among the rows. */
  readonly leaked: readonly string[]
  /** Whether a private todo of another user is no longer what it was. */
  readonly isHarmed: boolean
}

const VARIANT = { 'in-code': 'policy loosened', 'with-policies': 'as shipped' } as const
const PRIVATE =
  'select id, task, notes from todos where user_id = $1 and list_id is null order by task'
const WORDS = 'train'
const NAME = 'Bob was here'

export async function callEndpoint(
  lab: Pick<Lab, 'makeWorld' | 'run' | 'drop'>,
  way: Way,
  endpoint: Endpoint,
): Promise<EndpointAnswer> {
  const { world } = await lab.makeWorld({ variant: VARIANT[way] })
  try {
    const as =
      (sub: string): Sql =>
      async (sql, params = []) =>
        rowsOf(await lab.run(world, { as: { sub }, sql, params: [...params] }))
    const theirs = async () =>
      (await Promise.all(OTHERS.map((user) => as(user)(PRIVATE, [user])))).flat()
    const before = await theirs()
    const hers = withId.parse(before[0]).id
    const answer = await answerOf(() => request(way, endpoint, as(ATTACKER), hers), endpoint)
    const ids = new Set(before.map(({ id }) => id))
    return {
      ...answer,
      leaked: answer.rows.flatMap(({ id }) => (id && ids.has(id) ? [id] : [])),
      isHarmed: JSON.stringify(await theirs()) !== JSON.stringify(before),
    }
  } finally {
    await lab.drop(world)
  }
}

/** The rows of one statement, by the names of their columns. */
function rowsOf({ results: [result], error }: Outcome): Row[] {
  if (result === undefined) throw new LabError(error?.message ?? 'The database gave no answer.')
  const { columns, rows } = result
  return rows.map((row) => Object.fromEntries(columns.map((name, at) => [name, row[at] ?? null])))
}

const withId = z.object({ id: z.string() })

function request(
  way: Way,
  endpoint: Endpoint,
  sql: Sql,
  idOfAlice: string,
): Promise<readonly Row[]> {
  switch (endpoint) {
    case 'list-todos':
      return way === 'in-code' ? inCode.listTodos(sql, ATTACKER) : withPolicies.listTodos(sql)
    case 'search-todos':
      return way === 'in-code'
        ? inCode.searchTodos(sql, ATTACKER, WORDS)
        : withPolicies.searchTodos(sql, WORDS)
    case 'rename-todo':
      return way === 'in-code'
        ? inCode.renameTodo(sql, ATTACKER, idOfAlice, NAME)
        : withPolicies.renameTodo(sql, idOfAlice, NAME)
  }
}

async function answerOf(
  call: () => Promise<readonly Row[]>,
  endpoint: Endpoint,
): Promise<Pick<EndpointAnswer, 'status' | 'rows'>> {
  try {
    const rows = await call()
    return { status: endpoint === 'rename-todo' && rows.length === 0 ? 404 : 200, rows }
  } catch (error) {
    if (!(error instanceof Forbidden)) throw error
    return { status: 403, rows: [] }
  }
}
