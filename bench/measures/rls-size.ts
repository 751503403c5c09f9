/** One size of the table: a user's list through policies, and the same query by the owner. */
import type { Client } from 'pg'
import { seal } from '../../db/testing/as-user'
import type { TestDatabase } from '../../dev/postgres/testing/test-database'
import { byTurns } from '../by-turns'
import { asUser, serverTime } from '../scene/explain'
import { copyPerRow, PER_ROW_TABLE, TODOS_OF_EACH } from '../scene/growing-table'
import { openSessions } from '../scene/sessions'
import { LIST, LIST_OF_USER, withValues } from '../scene/statements'
import { median, ratios, type Spread } from '../statistics'

/** Milliseconds. */
export type Size = {
  readonly rows: number
  readonly flight: { readonly user: number; readonly owner: number; readonly ratio: Spread }
  readonly server: { readonly user: number; readonly owner: number }
  /** null where it was not tried. */
  readonly perRow: number | null
}

/** Whom the table is asked as. */
export type Askers = {
  readonly database: TestDatabase
  readonly owner: Client
  readonly authenticator: Client
}

export const PER_ROW_LIST = LIST.replaceAll('"todos"', `"${PER_ROW_TABLE}"`)
/** Larger ones take minutes for a single list. */
export const MOST_PER_ROW = 1_000_000
const PER_ROW_REPETITIONS = 3
/** Asked for in turn, so that no one user's rows alone are in the processor's cache. */
export const USERS_ASKED = 64

export async function measureSize(
  askers: Askers,
  rows: number,
  repetitions: number,
): Promise<Size> {
  const { database, owner, authenticator } = askers
  const users = Array.from({ length: USERS_ASKED }, (_, i) => {
    const id = `user_${Math.floor((i * rows) / TODOS_OF_EACH / USERS_ASKED)}`
    return { id, token: sealed(database, id) }
  })
  let turn = 0
  const user = () => users[Math.floor(turn++ / 2) % users.length] ?? { id: '', token: '' }

  const sessions = await openSessions(database)
  const flights = [
    () => sessions.asUser(user().token, LIST),
    () => sessions.asOwner(LIST_OF_USER, [user().id]),
  ]
  const [asUsers = [], asOwners = []] = await byTurns(flights, repetitions)
  sessions.close()

  const server: { user: number[]; owner: number[] } = { user: [], owner: [] }
  for (let i = 0; i < repetitions / 10; i++) {
    const { id, token } = users[i % users.length] ?? { id: '', token: '' }
    server.user.push(await asUser(authenticator, token, (client) => serverTime(client, LIST)))
    server.owner.push(await serverTime(owner, withValues(LIST_OF_USER, id)))
  }
  return {
    rows,
    flight: {
      user: median(asUsers),
      owner: median(asOwners),
      ratio: ratios(blockMedians(asUsers), blockMedians(asOwners)),
    },
    server: { user: median(server.user), owner: median(server.owner) },
    perRow: rows > MOST_PER_ROW ? null : await perRowTime(askers),
  }
}

/** One query is too short for a ratio of its own. */
function blockMedians(samples: readonly number[]): number[] {
  const size = Math.ceil(samples.length / 10)
  return Array.from({ length: 10 }, (_, i) => median(samples.slice(i * size, (i + 1) * size)))
}

async function perRowTime({ database, owner, authenticator }: Askers): Promise<number> {
  await copyPerRow(owner)
  const times: number[] = []
  for (let i = 0; i < PER_ROW_REPETITIONS; i++) {
    const token = sealed(database, `user_${i}`)
    times.push(await asUser(authenticator, token, (client) => serverTime(client, PER_ROW_LIST)))
  }
  return median(times)
}

export function sealed({ sessionKey }: TestDatabase, sub: string): string {
  return seal(sessionKey, { sub, exp: Math.floor(Date.now() / 1000) + 3_600 })
}
