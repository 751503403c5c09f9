/** A proxy that lets one role log in by password: a superuser for tests, called the keeper. */
import { randomBytes } from 'node:crypto'
import type { TestDatabase } from './fixture'
import { startTestProxy, type Posted, type PostOptions, type TestProxy } from './proxy'

export type PasswordProxy = {
  readonly proxy: TestProxy
  readonly keeper: string
  readonly database: string
  /** The keeper's by default; all parts are percent-encoded. */
  readonly connectionString: (parts?: Partial<Login>) => string
  /** Sends SQL or a body, by default as the keeper, without a token. */
  readonly ask: (body: string | object, options?: AskOptions) => Promise<Posted>
  readonly stop: () => Promise<void>
}

export type Login = { readonly user: string; readonly password: string; readonly database: string }
export type AskOptions = Partial<Login> & PostOptions

export async function startPasswordProxy(
  env: Record<string, string> = {},
  startDatabase?: () => Promise<TestDatabase>,
): Promise<PasswordProxy> {
  const keeper = `keeper_${randomBytes(4).toString('hex')}`
  const password = randomBytes(12).toString('hex')
  const proxy = await startTestProxy(
    { env: { PROXY_PASSWORD_ROLES: keeper, ...env } },
    startDatabase,
  )
  await proxy.asOwner(`create role ${keeper} superuser login password '${password}'`)
  const database = new URL(proxy.connectionString).pathname.slice(1)
  const connectionString = (parts: Partial<Login> = {}) => {
    const login = { user: keeper, password, database, ...parts }
    return `postgresql://${encodeURIComponent(login.user)}:${encodeURIComponent(login.password)}@localhost/${encodeURIComponent(login.database)}`
  }
  return {
    proxy,
    keeper,
    database,
    connectionString,
    ask: (body, { headers = {}, token = null, ...options } = {}) =>
      proxy.post(typeof body === 'string' ? { query: body } : body, {
        ...options,
        token,
        headers: { 'neon-connection-string': connectionString(pick(options)), ...headers },
      }),
    stop: async () => {
      await proxy.asOwner(`drop owned by ${keeper}`)
      await proxy.asOwner(`drop role ${keeper}`)
      await proxy.stop()
    },
  }
}

function pick({ user, password, database }: Partial<Login>): Partial<Login> {
  return {
    ...(user === undefined ? {} : { user }),
    ...(password === undefined ? {} : { password }),
    ...(database === undefined ? {} : { database }),
  }
}
