/**
 * Works out every variable that the local stack runs with: variables of the process win over
 * `.env.local`, which is written with fresh secrets when there is none.
 */
import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { parseEnv } from 'node:util'
import { localVariables, ROLES, type LocalSettings, type Variables } from './local-variables'
import { UserError } from './user-error'

export type Ports = LocalSettings['ports']

/** Variables as a process has them: any may be absent. */
type Given = Readonly<Record<string, string | undefined>>

/** What the stack runs with: all variables, and which hosted services a local stand-in replaces. */
export type StackEnv = {
  variables: Variables
  ports: Ports
  /** Whether the embedded Postgres is used instead of a server of the user's. */
  embeddedPostgres: boolean
  /** Whether the local Clerk is used instead of an account of the user's. */
  localClerk: boolean
}

const PORT_NAMES = {
  app: 'PORT',
  proxy: 'PROXY_PORT',
  clerk: 'CLERK_LOCAL_PORT',
  lab: 'LAB_PORT',
  postgres: 'PGPORT',
  sessions: 'PROXY_TCP_PORT',
} as const satisfies Record<keyof Ports, string>

const DEFAULT_PORTS: Ports = {
  app: 3000,
  proxy: 4444,
  clerk: 4445,
  lab: 4446,
  postgres: 54329,
  sessions: 54330,
}

/**
 * Reads `file`, writing it first when it does not exist.
 * @returns the variables of the file, and whether it was written just now.
 * @throws UserError when a variable that the stack needs is missing from the file.
 */
export function readOrCreateEnvFile(file: string, ports: Ports = DEFAULT_PORTS) {
  const created = !existsSync(file)
  if (created) writeFileSync(file, renderEnvFile(newLocalVariables(ports)), { mode: 0o600 })
  const variables = withRoles(withLocalClerk(readEnvFile(file)))
  const missing = missingVariables(variables)
  if (missing.length > 0) {
    throw new UserError(
      `${file} has no value for ${missing.join(', ')}. Add what is missing (.env.example explains ` +
        'each variable), or move the file away and start again: a new one is written.',
    )
  }
  return { variables, created }
}

/** A full set of variables for the local stack, with fresh secrets. */
export function newLocalVariables(ports: Ports = DEFAULT_PORTS): Variables {
  return localVariables({
    ports,
    postgresPassword: randomBytes(18).toString('base64url'),
    authenticatorPassword: randomBytes(18).toString('base64url'),
    clerkSecretKey: `sk_test_${randomBytes(24).toString('base64url')}`,
    clerkWebhookSecret: `whsec_${randomBytes(24).toString('base64')}`,
    eraserPassword: randomBytes(18).toString('base64url'),
    sessionKey: randomBytes(32).toString('base64'),
  })
}

/**
 * Lays the process's variables over the file's. A port, a `DATABASE_URL` or a pair of Clerk keys
 * given by the process changes the variables that derive from it as well, unless the file has another
 * value than the generated one.
 */
export function resolveEnv(file: Variables, given: Given): StackEnv {
  const ports = portsOf({ ...file, ...given })
  const generated = localVariables(settingsOf(file, portsOf(file)))
  const moved = localVariables(settingsOf(file, ports))
  // A file from before live queries, traces or the lab does not name them.
  const variables: Variables = {
    ...{ PROXY_LIVE: 'on', PROXY_TRACE: 'on' },
    ...{ LAB: 'on', LAB_URL: moved.LAB_URL ?? '' },
  }
  for (const [name, value] of Object.entries(file)) {
    variables[name] = value === generated[name] ? (moved[name] ?? value) : value
  }
  Object.assign(variables, followDatabaseUrl(variables, given), followClerkKeys(variables, given))
  // `NAME= npm run up` means that NAME is not given.
  for (const [name, value] of Object.entries(given)) if (value) variables[name] = value
  // Traces are for the lab: LAB=off takes both away.
  if (variables.LAB === 'off' && !given.PROXY_TRACE) variables.PROXY_TRACE = 'off'
  return {
    variables,
    ports,
    embeddedPostgres: isLoopback(variables.DATABASE_URL, ports.postgres),
    localClerk: isLoopback(variables.CLERK_API_URL, ports.clerk),
  }
}

/** A database of the user's own: the proxy and the app follow to the same server and name. */
function followDatabaseUrl(current: Variables, given: Given): Variables {
  if (!given.DATABASE_URL || given.DATABASE_URL === current.DATABASE_URL) return {}
  const owner = parseUrl('DATABASE_URL', given.DATABASE_URL)
  const moved = (name: 'PROXY_DATABASE_URL' | 'ERASER_DATABASE_URL') => {
    if (!current[name]) return {}
    const login = new URL(owner)
    const before = parseUrl(name, current[name])
    login.username = before.username
    login.password = before.password
    return { [name]: login.href }
  }
  const named = `postgresql://authenticated@localhost${owner.pathname}`
  return {
    ...moved('PROXY_DATABASE_URL'),
    ...moved('ERASER_DATABASE_URL'),
    DATABASE_AUTHENTICATED_URL: named,
    NEXT_PUBLIC_DATABASE_AUTHENTICATED_URL: named,
  }
}

/** A Clerk account of the user's own: the local Clerk steps aside, the proxy trusts the account. */
function followClerkKeys(current: Variables, given: Given): Variables {
  const key = given.NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY
  if (!key || key === current.NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY) return {}
  if (!given.CLERK_SECRET_KEY) {
    throw new UserError(
      'NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY is set without CLERK_SECRET_KEY: copy both from the ' +
        'API keys page of your Clerk dashboard.',
    )
  }
  const host = Buffer.from(key.split('_')[2] ?? '', 'base64')
    .toString()
    .replace(/\$$/, '')
  if (!/^[a-z0-9.-]+\.[a-z]+$/i.test(host)) {
    throw new UserError(
      'NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY is not a Clerk publishable key: it starts with pk_test_ ' +
        'or pk_live_ and is shown on the API keys page of your Clerk dashboard.',
    )
  }
  const origins = (current.PROXY_ALLOWED_ORIGINS ?? '').split(',').filter(Boolean)
  return {
    CLERK_API_URL: '',
    CLERK_DEMO_SIGN_IN_PATH: '',
    CLERK_WEBHOOK_SIGNING_SECRET: '',
    NEXT_PUBLIC_CLERK_PROXY_URL: '',
    PROXY_JWT_PROVIDERS: JSON.stringify([
      { preset: 'clerk', issuer: `https://${host}`, authorizedParties: origins, roles: ROLES },
    ]),
  }
}

function renderEnvFile(variables: Variables): string {
  const lines = Object.entries(variables).map(([name, value]) =>
    // Quoted for both Node and a shell; no generated value has a single quote in it.
    /^[\w:/.@+=-]*$/.test(value) ? `${name}=${value}` : `${name}='${value}'`,
  )
  return ['# Written by `npm run up`; .env.example explains each variable.', ...lines, ''].join(
    '\n',
  )
}

function readEnvFile(file: string): Variables {
  const variables: Variables = {}
  for (const [name, value = ''] of Object.entries(parseEnv(readFileSync(file, 'utf8')))) {
    variables[name] = value
  }
  return variables
}

const CLERK_KEYS = ['NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY', 'CLERK_SECRET_KEY']
const CLERK_NAMES = Object.keys(newLocalVariables()).filter(
  (name) => name.includes('CLERK_') && name !== PORT_NAMES.clerk,
)

/**
 * Adds what the file leaves out of Clerk's variables, as long as the local Clerk is used: by its
 * address, or because its tokens are believed and no keys of an account are there.
 */
function withLocalClerk(file: Variables): Variables {
  const ports = portsOf(file)
  const local = newLocalVariables(ports)
  const isBelieved = file.PROXY_JWT_PROVIDERS?.includes(`"${local.CLERK_API_URL ?? ''}"`) ?? false
  const hasKeys = CLERK_KEYS.some((name) => file[name])
  const isLocal = file.CLERK_API_URL
    ? isLoopback(file.CLERK_API_URL, ports.clerk)
    : isBelieved && !hasKeys
  if (!isLocal) return file
  const added = CLERK_NAMES.filter((name) => !file[name]).map((name) => [name, local[name] ?? ''])
  return { ...file, ...(Object.fromEntries(added) as Variables) }
}

/** Files from before claims permitted roles get the rules, unless their owners changed the line. */
function withRoles(file: Variables): Variables {
  const { PROXY_JWT_PROVIDERS = '' } = newLocalVariables(portsOf(file))
  const before = PROXY_JWT_PROVIDERS.replace(`,"roles":${JSON.stringify(ROLES)}`, '')
  return file.PROXY_JWT_PROVIDERS === before ? { ...file, PROXY_JWT_PROVIDERS } : file
}

/** The variables without which nothing starts: of Clerk's, the second key of a pair. */
function missingVariables(file: Variables): string[] {
  const optional = new Set([
    ...Object.values(PORT_NAMES),
    ...CLERK_NAMES.filter(
      (name) => !CLERK_KEYS.includes(name) || !CLERK_KEYS.some((key) => file[key]),
    ),
    'NEXT_PUBLIC_SQL_URL',
    'ERASER_DATABASE_URL',
    'PROXY_WEBSOCKET',
    'PROXY_LIVE',
    'PROXY_TRACE',
    'LAB',
    'LAB_URL',
  ])
  return Object.keys(newLocalVariables()).filter((name) => !optional.has(name) && !file[name])
}

function settingsOf(file: Variables, ports: Ports): LocalSettings {
  return {
    ports,
    postgresPassword: parseUrl('DATABASE_URL', file.DATABASE_URL ?? '').password,
    authenticatorPassword: parseUrl('PROXY_DATABASE_URL', file.PROXY_DATABASE_URL ?? '').password,
    clerkSecretKey: file.CLERK_SECRET_KEY ?? '',
    clerkWebhookSecret: file.CLERK_WEBHOOK_SIGNING_SECRET ?? '',
    // A file from before accounts could be deleted has none.
    eraserPassword: file.ERASER_DATABASE_URL
      ? parseUrl('ERASER_DATABASE_URL', file.ERASER_DATABASE_URL).password
      : '',
    sessionKey: file.PROXY_SESSION_KEY ?? '',
  }
}

/**
 * Ports as variables have them, and the usual ones for the rest.
 * @throws UserError when one is no port
 */
export function portsOf(variables: Given): Ports {
  const port = (key: keyof Ports) => {
    const name = PORT_NAMES[key]
    const text = variables[name]
    if (text === undefined || text === '') return DEFAULT_PORTS[key]
    const number = Number(text)
    if (Number.isInteger(number) && number > 0 && number < 65536) return number
    throw new UserError(`${name} is “${text}”, which is not a port: give a number from 1 to 65535.`)
  }
  return {
    app: port('app'),
    proxy: port('proxy'),
    clerk: port('clerk'),
    lab: port('lab'),
    postgres: port('postgres'),
    sessions: port('sessions'),
  }
}

function parseUrl(name: string, value: string): URL {
  try {
    return new URL(value)
  } catch {
    throw new UserError(
      `${name} is not a connection string: it looks like postgresql://user:password@host:5432/database.`,
    )
  }
}

function isLoopback(url: string | undefined, port: number): boolean {
  if (!url || !URL.canParse(url)) return false
  const { hostname, port: urlPort } = new URL(url)
  return ['localhost', '127.0.0.1', '[::1]'].includes(hostname) && Number(urlPort) === port
}
