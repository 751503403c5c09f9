/** A live query in the browser: typed like the query itself, and right again after every interruption. */
import assert from 'node:assert/strict'
import { after, afterEach, before, beforeEach, test } from 'node:test'
import { asc } from 'drizzle-orm'
import { integer, pgTable, text } from 'drizzle-orm/pg-core'
import { freePort } from '../../proxy/test/postgres/test-server'
import { nowSeconds } from '../../proxy/test/testing/issuer'
import { NOTES } from '../../proxy/test/testing/live-tables'
import { startTestProxy, type OneProxy, type TestProxy } from '../../proxy/test/testing/proxy'
import { until } from '../../proxy/test/testing/until'
import type { Problem, Result } from '../problem'
import { connectInBrowser } from './connect-in-browser'
import { liveQuery } from './live'
import type { Connect, UserDatabase } from './user-database'

const notes = pgTable('notes', { id: integer().notNull(), body: text().notNull() })
const bodies = (db: UserDatabase) =>
  db.select({ body: notes.body }).from(notes).orderBy(asc(notes.id))

let proxy: TestProxy
let env: Record<string, string>
let served: OneProxy
let userDb: Connect
before(async () => {
  proxy = await startTestProxy()
  await proxy.asOwner(NOTES)
  env = { PROXY_LIVE: 'on', PROXY_PORT: String(await freePort()) }
  served = await proxy.another({ env })
  userDb = connectInBrowser({ databaseUrl: proxy.connectionString, sqlUrl: served.sqlUrl })
})
after(() => proxy.stop())
beforeEach(() => proxy.asOwner('truncate notes'))

const stops: (() => void)[] = []
afterEach(() => {
  for (const stop of stops.splice(0)) stop()
})

/** As the browser's session does it: a refused token is tried once more with a new one. */
const asUser =
  (token: (isNew: boolean) => Promise<string>) =>
  async <R>(attempt: (token: string) => Promise<Result<R>>): Promise<Result<R>> => {
    const result = await attempt(await token(false))
    return result.ok || result.problem !== 'signed-out' ? result : attempt(await token(true))
  }

type Watched = {
  /** Resolves when the last answer is this one. */
  readonly shows: (...bodies: string[]) => Promise<void>
  readonly answers: string[][]
  readonly problems: Problem[]
  readonly stop: () => void
}

function watch(
  query: (db: UserDatabase) => Promise<{ body: string }[]> = bodies,
  token: (isNew: boolean) => Promise<string> = () => proxy.issuer.token('alice'),
): Watched {
  const answers: string[][] = []
  const problems: Problem[] = []
  const stop = liveQuery({
    userDb,
    query,
    asUser: asUser(token),
    onAnswer: (rows) => {
      answers.push(rows.map(({ body }) => body))
    },
    onProblem: (problem) => problems.push(problem),
  })
  stops.push(stop)
  return {
    answers,
    problems,
    stop,
    shows: async (...wanted) => {
      await until(async () => {
        await proxy.asOwner('select 1')
        return JSON.stringify(answers.at(-1)) === JSON.stringify(wanted)
      })
    },
  }
}

const untilSome = (problems: readonly Problem[]) =>
  until(async () => {
    await proxy.asOwner('select 1')
    return problems.length > 0
  })

const add = (body: string) =>
  proxy.asOwner(`insert into notes (user_id, body) values ('alice', $1)`, [body])

test('answers with the rows of the query, again after each change, in the types of Drizzle', async () => {
  await add('one')
  const { shows } = watch()
  await shows('one')
  await add('two')
  await shows('one', 'two')
  await proxy.asOwner('delete from notes')
  await shows()
})

test('renews a token that ends, without an answer twice', async () => {
  let tokens = 0
  const { shows, answers } = watch(bodies, () => {
    tokens++
    return proxy.issuer.token('alice', { exp: nowSeconds() - 29 })
  })
  await shows()
  await until(async () => {
    await proxy.asOwner('select 1')
    return tokens >= 3
  })
  await add('still here')
  await shows('still here')
  assert.deepEqual(answers, [[], ['still here']])
})

test('asks for a new token when the proxy refuses the old one', async () => {
  const { shows, problems } = watch(bodies, (isNew) =>
    isNew ? proxy.issuer.token('alice') : Promise.resolve('x.y.z'),
  )
  await add('seen')
  await shows('seen')
  assert.deepEqual(problems, [])
})

test('comes back to a proxy that was away, and misses nothing', async () => {
  const { shows, problems } = watch()
  await shows()
  await served.close()
  await add('meanwhile')
  await untilSome(problems)
  // While it stops it is busy, and then it is not there.
  for (const problem of problems) assert.match(problem, /^(busy|unreachable)$/)
  served = await proxy.another({ env })
  const started = performance.now()
  await shows('meanwhile')
  assert.ok(performance.now() - started < 2_000)
})

test('says why it does not go on when it can never work', async () => {
  const missing = pgTable('missing', { body: text().notNull() })
  const failing = watch((db) => db.select({ body: missing.body }).from(missing))
  await untilSome(failing.problems)
  assert.deepEqual(failing.problems, ['unexpected'])
  const ended = watch(bodies, () => Promise.resolve('x.y.z'))
  await untilSome(ended.problems)
  assert.deepEqual(ended.problems, ['signed-out'])
})

test('hears nothing after it was stopped', async () => {
  const { shows, answers, stop } = watch()
  await shows()
  stop()
  const other = watch()
  await add('later')
  await other.shows('later')
  assert.equal(answers.length, 1)
})
