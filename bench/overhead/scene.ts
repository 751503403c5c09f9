/** Real Postgres with todos of many users, a token issuer, and the proxy's configuration for both. */
import { Client } from 'pg'
import { startTestDatabase } from '../../dev/postgres/testing/test-database'
import { APP_ORIGIN, nowSeconds, startIssuer } from '../../proxy/testing/issuer'

export const USER = 'user_alice'
/** As the app asks for the list; the policy adds whose it is. */
export const LIST =
  'select "id", "task", "is_complete", "inserted_at" from "todos" order by "todos"."inserted_at" asc, "todos"."id" asc'
/** The same answer, asked by somebody whom no policy holds. */
export const LIST_OF_USER = LIST.replace('order by', `where "user_id" = '${USER}' order by`)

export type Scene = {
  readonly env: Readonly<Record<string, string>>
  readonly ownerUrl: string
  readonly connectionString: string
  /** Valid for as long as the benchmark runs. */
  readonly token: string
  readonly stop: () => Promise<void>
}

export async function setScene(): Promise<Scene> {
  const [database, issuer] = await Promise.all([startTestDatabase(), startIssuer()])
  const owner = new Client({ connectionString: database.ownerUrl })
  await owner.connect()
  await owner.query(`
    insert into todos (user_id, task)
      select case when i % 500 = 0 then '${USER}' else 'user_' || i % 1000 end, 'Task ' || i
      from generate_series(1, 10000) as i;
    analyze todos`)
  await owner.end()
  const provider = { name: 'bench', issuer: issuer.url, jwksUrl: issuer.jwksUrl }
  return {
    env: {
      PROXY_PORT: '0',
      PROXY_DATABASE_URL: database.authenticatorUrl,
      PROXY_SESSION_KEY: database.sessionKey,
      PROXY_JWT_PROVIDERS: JSON.stringify([{ ...provider, authorizedParties: [APP_ORIGIN] }]),
      PROXY_RATE_LIMIT: '0',
    },
    ownerUrl: database.ownerUrl,
    connectionString: `postgresql://authenticated@localhost${new URL(database.ownerUrl).pathname}`,
    token: await issuer.token(USER, { exp: nowSeconds() + 600 }),
    stop: async () => {
      await Promise.all([database.stop(), issuer.close()])
    },
  }
}
