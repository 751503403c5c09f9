/** A migrated database, a login and a role that no other test uses. */
import { randomBytes } from 'node:crypto'
import { Client } from 'pg'
import { startTestDatabase, type TestDatabase } from '../../test/testing/fixture'
import { parseConfig, type Config } from '../../src/config/config'
import { createParser } from '../../src/gate/parser'
import { parseSessionKey } from '../../src/auth/session-key'
import type { Check, Finding, Subject } from '../check'
import { openDatabase } from '../database'
import { runCheck } from '../run'

export type Bench = {
  readonly database: TestDatabase
  /** Roles belong to the whole server, so faults apply only to these two. */
  readonly login: string
  readonly role: string
  readonly asOwner: (sql: string) => Promise<void>
  /** The findings of a check that logs in as `login`. */
  readonly find: (check: Check, changes?: Partial<Subject>) => Promise<readonly Finding[]>
  readonly config: (env?: Record<string, string>) => Config
  readonly majorVersion: () => Promise<number>
  readonly stop: () => Promise<void>
}

export async function startBench(): Promise<Bench> {
  const database = await startTestDatabase()
  const owner = new Client({ connectionString: database.ownerUrl })
  await owner.connect()
  const id = randomBytes(4).toString('hex')
  const [login, role] = [`login_${id}`, `role_${id}`]
  await owner.query(`
    create role ${role} nologin noinherit;
    create role ${login} login noinherit password '${id}';
    alter role ${login} set statement_timeout = '30s';
    grant authenticated, anonymous, ${role} to ${login};
    grant usage on schema proxy_check to ${login};
    grant execute on function proxy_check.column_statistics() to ${login};
    do $$ begin
      execute format('grant execute on function pg_catalog.set_config(text, text, boolean) to ${login}');
    end $$`)
  const url = new URL(database.ownerUrl)
  url.username = login
  url.password = id

  const config = (env: Record<string, string> = {}) =>
    parseConfig({
      PROXY_DATABASE_URL: database.authenticatorUrl,
      PROXY_SESSION_KEY: database.sessionKey,
      PROXY_JWT_PROVIDERS: '[{"name":"test","issuer":"http://127.0.0.1:1","audience":"app"}]',
      ...env,
    })
  const find: Bench['find'] = async (check, changes = {}) => {
    const session = await openDatabase(config({ PROXY_DATABASE_URL: url.href }))
    try {
      const subject: Subject = {
        database: session,
        roles: ['authenticated', 'anonymous', role],
        anonymous: true,
        sessionKey: parseSessionKey(database.sessionKey),
        listed: { functions: [], extensions: [] },
        parser: await createParser(),
        ...changes,
      }
      return (await runCheck(check, subject)).findings
    } finally {
      session.close()
    }
  }
  return {
    database,
    login,
    role,
    asOwner: async (sql) => {
      await owner.query(sql)
    },
    find,
    config,
    majorVersion: async () => {
      const { rows } = await owner.query<{ version: number }>(
        `select current_setting('server_version_num')::int / 10000 as version`,
      )
      return rows[0]?.version ?? 0
    },
    stop: async () => {
      await owner.query(`drop owned by ${login}, ${role}; drop role ${login}; drop role ${role}`)
      await owner.end()
      await database.stop()
    },
  }
}
