/** One size of the table: a user's list through policies, with and without a seal to check, and the same query by the owner. */
import type { Client } from 'pg'
import { seal } from '../../proxy/test/testing/as-user'
import type { TestDatabase } from '../../dev/postgres/testing/test-database'
import { APP_ORIGIN } from '../../proxy/test/testing/issuer'
import { byTurns } from '../by-turns'
import { asUser, serverTime } from '../scene/explain'
import { copyPerRow, PER_ROW_TABLE, TODOS_OF_EACH, TRUSTING_ROLE } from '../scene/growing-table'
import { openSessions } from '../scene/sessions'
import { LIST, LIST_OF_USER } from '../scene/statements'
import { median, ratios, type Spread } from '../statistics'

/** Milliseconds. */
export type Size = {
  readonly rows: number
  readonly flight: {
    readonly user: number
    /** Through the same policy, with an unverified identity. */
    readonly trusting: number
    readonly owner: number
    /** By the owner's. */
    readonly ratio: { readonly user: Spread; readonly trusting: Spread }
  }
  /** In Postgres alone; null where it was not tried. */
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
/** Asked for in turn, so that the processor's cache does not hold one user's rows only. */
export const USERS_ASKED = 64

export async function measureSize(
  askers: Askers,
  rows: number,
  repetitions: number,
): Promise<Size> {
  const { database } = askers
  const users = Array.from({ length: USERS_ASKED }, (_, i) => {
    const id = `user_${Math.floor((i * rows) / TODOS_OF_EACH / USERS_ASKED)}`
    return { id, token: sealed(database, id) }
  })
  // Each asks for a user who was not asked for before, whose rows are not in the cache.
  const inTurn = (offset: number) => {
    let turn = Math.floor((offset * users.length) / 3)
    return () => users[turn++ % users.length] ?? { id: '', token: '' }
  }
  const [forUser, forTrusting, forOwner] = [inTurn(0), inTurn(1), inTurn(2)]

  const sessions = await openSessions(database)
  const flights = [
    () => sessions.asUser(forUser().token, LIST),
    () => sessions.asUser(forTrusting().id, LIST, TRUSTING_ROLE),
    () => sessions.asOwner(LIST_OF_USER, [forOwner().id]),
  ]
  const [asUsers = [], asTrusting = [], asOwners = []] = await byTurns(flights, repetitions)
  sessions.close()
  return {
    rows,
    flight: {
      user: median(asUsers),
      trusting: median(asTrusting),
      owner: median(asOwners),
      ratio: {
        user: ratios(blockMedians(asUsers), blockMedians(asOwners)),
        trusting: ratios(blockMedians(asTrusting), blockMedians(asOwners)),
      },
    },
    perRow: rows > MOST_PER_ROW ? null : await perRowTime(askers),
  }
}

/** A single query is too short to compute a ratio from. */
export function blockMedians(samples: readonly number[]): number[] {
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
  const exp = Math.floor(Date.now() / 1000) + 3_600
  return seal(sessionKey, { iss: 'https://clerk.example.com', sub, exp, azp: APP_ORIGIN })
}
