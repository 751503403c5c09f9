/**
 * The core of a stand-in for a login provider, for a laptop only: users, a signing key that outlives restarts,
 * sessions with rotating refresh tokens, single-use codes and a login page, on loopback. A provider's skin adds the
 * routes that its SDK asks for.
 */
import { randomBytes } from 'node:crypto'
import { hashPassword } from '../../dev/clerk/password'
import type { ProviderEntry, Variables } from '../run/example'
import { openBrowsers, type Browsers } from './browsers'
import { openCodes, type Codes } from './codes'
import { generateKey, loadKeys, type Algorithm, type Keys } from './keys'
import { oauthError, type Refusal } from './refusal'
import { startServer, type Routes } from './server'
import { openSessions, type Sessions } from './sessions'
import { openStore, type State } from './state'
import { DEMO_USERS, openUsers, type Users } from './users'

export type StandInOptions = {
  /** 0 for any free one. */
  readonly port: number
  /** Users, sessions and the signing key, kept between runs. */
  readonly stateFile: string
  /** Of the app, such as http://localhost:3000: people are sent back to no other. */
  readonly appOrigin: string
  /** Of tokens, in place of the provider's usual one. */
  readonly tokenSeconds?: number
}

export type StandIn<Name extends string = string> = {
  /** http://localhost:PORT */
  readonly origin: string
  /** Values for the provider's variables, and others that only this stand-in needs, which lead the SDK here. */
  readonly variables: Variables<Name> & Variables
  /** What a provider on this machine needs in its entry besides the real one's fields, such as `jwksUrl`. */
  readonly provider: ProviderEntry
  readonly stop: () => Promise<void>
}

/** What a skin is made with. */
export type Core = {
  readonly name: string
  readonly origin: string
  readonly appOrigin: string
  readonly tokenSeconds: number
  /** Random, and kept between runs. */
  readonly clientSecret: string
  readonly keys: Keys
  readonly users: Users
  readonly sessions: Sessions
  readonly codes: Codes
  readonly browsers: Browsers
  /** Seconds since 1970. */
  readonly now: () => number
}

export type Skin<Name extends string = string> = {
  /** The provider's, such as “Auth0”. */
  readonly name: string
  readonly algorithm: Algorithm
  /** The lifetime that the provider gives its tokens. */
  readonly tokenSeconds: number
  /** Makes ids of users as the provider does. */
  readonly newUserId: () => string
  /** Makes the id of the signing key, for providers that give it a form. */
  readonly newKeyId?: () => string
  readonly routes: (core: Core) => Routes
  readonly variables: (core: Core) => Variables<Name> & Variables
  /** See `StandIn.provider`. */
  readonly provider?: (core: Core) => ProviderEntry
  /** An error in the shape that the SDK reads; OAuth's by default. */
  readonly refuse?: (refusal: Refusal) => Response
}

/** @throws UserError when the port is taken, or the state file cannot be understood */
export async function startStandIn<Name extends string>(
  skin: Skin<Name>,
  options: StandInOptions,
): Promise<StandIn<Name>> {
  const now = () => Math.floor(Date.now() / 1000)
  const tokenSeconds = options.tokenSeconds ?? skin.tokenSeconds
  const store = await openStore(options.stateFile, () => freshState(skin, now))
  const keys = await loadKeys(skin.algorithm, store.state.key, tokenSeconds, now)
  const users = openUsers(store, skin.newUserId, now)
  const coreAt = (origin: string): Core => ({
    name: skin.name,
    origin,
    appOrigin: options.appOrigin,
    tokenSeconds,
    clientSecret: store.state.clientSecret,
    keys,
    users,
    sessions: openSessions(store, users.byId, now),
    codes: openCodes(now),
    browsers: openBrowsers(
      `stand-in-${skin.name.toLowerCase().replace(/[^a-z0-9]+/g, '-')}`,
      users.byId,
    ),
    now,
  })
  let core: Core | undefined
  const server = await startServer({
    name: `The stand-in for ${skin.name}`,
    port: options.port,
    appOrigin: options.appOrigin,
    refuse: skin.refuse ?? oauthError,
    routes: (origin) => skin.routes((core = coreAt(origin))),
  })
  core ??= coreAt(server.origin)
  return {
    origin: server.origin,
    variables: skin.variables(core),
    provider: skin.provider?.(core) ?? {},
    stop: server.stop,
  }
}

async function freshState(skin: Skin, now: () => number): Promise<State> {
  const kid = skin.newKeyId?.() ?? randomBytes(12).toString('hex')
  const users = Object.values(DEMO_USERS).map(async ({ email, password }) => ({
    ...{ id: skin.newUserId(), email },
    ...{ passwordHash: await hashPassword(password), createdAt: now() },
  }))
  return {
    version: 1,
    key: await generateKey(skin.algorithm, kid),
    clientSecret: randomBytes(32).toString('hex'),
    users: await Promise.all(users),
    sessions: [],
  }
}
