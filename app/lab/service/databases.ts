/**
 * The scratch databases of the lab, on a server of its own. The superuser makes and drops them and does nothing
 * else: each database has an owner and a login of its own, which exist for it alone and end with it.
 */
import { randomBytes } from 'node:crypto'
import { Client, escapeLiteral } from 'pg'
import { z } from 'zod'
import { migrate } from '../../../db/migrate'
import { installSessionKey } from '../../../proxy/install/secrets'
import { parseSessionKey } from '../../../proxy/src/auth/session-key'
import type { Names } from './api'
import { LabError } from './client'
import { readNames } from './names'
import { ROWS } from './rows'

const TEMPLATE = 'lab_template'
/** An empty one has 9 MB. */
const MOST_BYTES = 300_000_000

export type Scratch = {
  readonly name: string
  /** Owns the tables and may become the roles of a request; no superuser, and nothing outside this database. */
  readonly ownerUrl: string
  /** The proxy's login: can only become one of the roles of a request. */
  readonly loginUrl: string
  /** Base64; seals identities that count in this database alone. */
  readonly sessionKey: string
  readonly drop: () => Promise<void>
}

export type Databases = {
  /** @param setUp statements that the superuser runs in the new database, for what is to be missing there */
  readonly make: (setUp: readonly string[]) => Promise<Scratch>
  /** What users may name in each, before anything is missing there. */
  readonly names: Names
  /** Names of those that have grown beyond what made-up rows need. */
  readonly tooLarge: () => Promise<ReadonlySet<string>>
}

/** @throws LabError when the server is not the lab's alone */
export async function openDatabases(serverUrl: string): Promise<Databases> {
  await onServer(serverUrl, async (server) => {
    await requireOwnServer(server, serverUrl)
    await removeLeftovers(server)
    await server.query(`create database ${TEMPLATE}`)
  })
  const template = urlOf(serverUrl, { database: TEMPLATE })
  await migrate({ databaseUrl: template })
  const names = await onServer(template, async (client) => {
    await client.query(ROWS)
    return readNames(client)
  })
  return { make: (setUp) => make(serverUrl, setUp), names, tooLarge: () => tooLarge(serverUrl) }
}

const named = z.array(z.object({ name: z.string() }))

/** Roles belong to a whole server, and users here get further than an app's may: so it is shared with nothing. */
async function requireOwnServer(server: Client, serverUrl: string): Promise<void> {
  const own = decodeURIComponent(new URL(serverUrl).pathname.slice(1))
  const { rows } = await server.query(
    `select datname as name from pg_database
     where not datistemplate and datname not in ('postgres', $1) and datname !~ '^lab_[0-9a-z]+$'`,
    [own],
  )
  const [other] = named.parse(rows)
  if (other === undefined) return
  throw new LabError(
    `LAB_DATABASE_URL must name a server of the lab's own, and this one has the database “${other.name}”.`,
  )
}

/** Of a service that was killed. */
async function removeLeftovers(server: Client): Promise<void> {
  const { rows } = await server.query(
    `select 'database' as kind, datname as name from pg_database where datname ~ '^lab_[0-9a-z]+$'
     union all select 'role', rolname from pg_roles where rolname ~ '^lab_[0-9a-f]{12}(_owner)?$'`,
  )
  const left = z
    .array(z.object({ kind: z.enum(['database', 'role']), name: z.string() }))
    .parse(rows)
  for (const { kind, name } of left) {
    await server.query(`drop ${kind} ${name}${kind === 'database' ? ' with (force)' : ''}`)
  }
}

async function make(serverUrl: string, setUp: readonly string[]): Promise<Scratch> {
  const name = `lab_${randomBytes(6).toString('hex')}`
  const owner = { user: `${name}_owner`, password: randomBytes(18).toString('base64url') }
  const login = { user: name, password: randomBytes(18).toString('base64url') }
  const sessionKey = randomBytes(32).toString('base64')
  const drop = () =>
    onServer(serverUrl, async (server) => {
      await server.query(`drop database if exists ${name} with (force)`)
      await server.query(`drop role if exists ${owner.user}, ${login.user}`)
    })
  try {
    await onServer(serverUrl, async (server) => {
      for (const { user, password } of [owner, login]) {
        await server.query(
          `create role ${user} login noinherit connection limit 8 password ${escapeLiteral(password)}`,
        )
        await server.query(`grant authenticated, anonymous, moderator to ${user}`)
      }
      await server.query(`create database ${name} template ${TEMPLATE} owner ${owner.user}`)
      await server.query(`revoke all on database ${name} from public`)
      await server.query(`grant connect on database ${name} to ${login.user}`)
    })
    await onServer(urlOf(serverUrl, { database: name }), async (client) => {
      await installSessionKey(client, parseSessionKey(sessionKey))
      await client.query(rightsOf(name))
      for (const sql of setUp) await client.query(sql)
    })
  } catch (error) {
    await drop()
    throw error
  }
  const url = (who: Login) => urlOf(serverUrl, { ...who, database: name })
  return { name, ownerUrl: url(owner), loginUrl: url(login), sessionKey, drop }
}

function tooLarge(serverUrl: string): Promise<ReadonlySet<string>> {
  return onServer(serverUrl, async (server) => {
    const { rows } = await server.query(
      `select datname as name from pg_database where datname ~ '^lab_[0-9a-f]{12}$' and pg_database_size(oid) > $1`,
      [MOST_BYTES],
    )
    return new Set(named.parse(rows).map(({ name }) => name))
  })
}

/** What `authenticator` has in a database, for its login, and what is the app's in it, for its owner. */
function rightsOf(name: string): string {
  return `do $$
    declare
      login constant text := ${escapeLiteral(name)};
      owner constant text := ${escapeLiteral(`${name}_owner`)};
      setting text;
      relation regclass;
    begin
      for setting in select unnest(rolconfig) from pg_roles where rolname = 'authenticator' loop
        execute format(
          case when setting like 'search\\_path=%' then 'alter role %I set %I = %s' else 'alter role %I set %I = %L' end,
          login, split_part(setting, '=', 1), substr(setting, strpos(setting, '=') + 1));
      end loop;
      execute format('grant usage on schema auth, proxy_check to %I', login);
      execute format('grant execute on all functions in schema proxy_check to %I', login);
      execute format('grant execute on function pg_catalog.set_config(text, text, boolean) to %I', login);
      execute format('grant usage on schema auth, access to %I with grant option', owner);
      execute format('grant execute on all functions in schema auth, access to %I', owner);
      for relation in
        select oid from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'v')
      loop
        execute format('alter table %s owner to %I', relation, owner);
      end loop;
    end $$`
}

type Login = { readonly user: string; readonly password: string }

function urlOf(serverUrl: string, { user, password, database }: Partial<Login> & Named): string {
  const url = new URL(serverUrl)
  url.pathname = `/${database}`
  if (user !== undefined) url.username = user
  if (password !== undefined) url.password = password
  return url.href
}

type Named = { readonly database: string }

/** Runs `work` on a session of its own. */
export async function onServer<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 10_000 })
  // The query that is running fails as well, and its error is handled there.
  client.on('error', () => undefined)
  try {
    await client.connect()
    return await work(client)
  } finally {
    await client.end().catch(() => undefined)
  }
}
