/** A real Postgres with the todos of many users, their valid tokens, and the settings of a proxy for both. */
import { fileURLToPath } from 'node:url'
import { Client } from 'pg'
import { z } from 'zod'
import { startTestDatabase } from '../../dev/postgres/testing/test-database'
import { APP_ORIGIN, nowSeconds, startIssuer } from '../../proxy/test/testing/issuer'
import { sealToken } from './seal-token'

export type User = {
  readonly id: string
  /** A JWT. */
  readonly token: string
  /** The same claims, sealed as the proxy passes them to Postgres. */
  readonly sealed: string
  /** The oldest of their todos. */
  readonly firstTodo: string
}

export type Scene = {
  readonly ownerUrl: string
  readonly authenticatorUrl: string
  /** A session that is exempt from the policies. */
  readonly owner: Client
  /** Of the server's first process. */
  readonly postmaster: number
  readonly sessionKey: string
  readonly issuer: { readonly url: string; readonly jwksUrl: string }
  /** A proxy's variables; the load stays below its limits for one user. */
  readonly proxyEnv: Readonly<Record<string, string>>
  /** The driver's connection string. */
  readonly connectionString: string
  /** Each with 20 todos among 10,000 of others. */
  readonly users: readonly User[]
  /** One more, with as many todos as asked for. */
  readonly addUser: (id: string, todos: number, taskLength?: number) => Promise<User>
  readonly stop: () => Promise<void>
}

export const USERS = 64
export const TODOS = 20
export const OTHERS = 10_000
/** Longer than any benchmark. */
const TOKEN_SECONDS = 12 * 60 * 60

export async function setScene(): Promise<Scene> {
  const [database, issuer] = await Promise.all([startTestDatabase(), startIssuer()])
  const { ownerUrl, authenticatorUrl, sessionKey } = database
  const owner = new Client({ connectionString: ownerUrl })
  // It ends with the server, which is expected then.
  owner.on('error', () => undefined)
  await owner.connect()

  const addUser = async (id: string, todos: number, taskLength = 30): Promise<User> => {
    const exp = nowSeconds() + TOKEN_SECONDS
    const { rows } = await owner.query(
      `with added as (
         insert into todos (user_id, task, inserted_at)
           select $1, rpad('Task ' || i, $3, 'x'), now() - i * interval '1 minute'
           from generate_series(1, $2) as i
           returning id, inserted_at
       )
       select id from added order by inserted_at limit 1`,
      [id, todos, taskLength],
    )
    const token = await issuer.token(id, { exp })
    return {
      id,
      token,
      sealed: sealToken(sessionKey, token),
      firstTodo: z.object({ id: z.string() }).parse(rows[0]).id,
    }
  }

  const users: User[] = []
  for (let i = 1; i <= USERS; i++) users.push(await addUser(`user_${i}`, TODOS))
  await owner.query(
    `insert into todos (user_id, task)
       select 'other_' || i % 500, 'Task ' || i from generate_series(1, ${OTHERS}) as i`,
  )
  await owner.query('vacuum analyze todos')
  const provider = { name: 'bench', issuer: issuer.url, jwksUrl: issuer.jwksUrl }
  return {
    ownerUrl,
    authenticatorUrl,
    owner,
    postmaster: await readPostmaster(owner),
    sessionKey,
    issuer,
    proxyEnv: {
      PROXY_PORT: '0',
      PROXY_DATABASE_URL: authenticatorUrl,
      PROXY_SESSION_KEY: sessionKey,
      PROXY_JWT_PROVIDERS: JSON.stringify([{ ...provider, authorizedParties: [APP_ORIGIN] }]),
      PROXY_ALLOWED_ORIGINS: APP_ORIGIN,
      // Counted as by default, and never reached: a few users send as much as thousands would.
      PROXY_RATE_LIMIT: '1000000',
      PROXY_RATE_LIMIT_PER_ADDRESS: '1000000',
      PROXY_USER_CPU_MS: '1000000',
      PROXY_WARM_STATEMENTS: fileURLToPath(new URL('../../db/queries.allowlist', import.meta.url)),
    },
    connectionString: `postgresql://authenticated@localhost${new URL(ownerUrl).pathname}`,
    users,
    addUser,
    stop: async () => {
      await owner.end()
      await Promise.all([database.stop(), issuer.close()])
    },
  }
}

async function readPostmaster(owner: Client): Promise<number> {
  const { rows } = await owner.query(
    `select split_part(pg_read_file('postmaster.pid'), E'\\n', 1)::int as pid`,
  )
  return z.object({ pid: z.int() }).parse(rows[0]).pid
}
