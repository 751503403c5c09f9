/**
 * All sessions of this process: opens each after its login, and ends it with its token, for too many of one
 * user, or when the proxy stops. A CancelRequest reaches only the session whose secret key it has.
 */
import { randomBytes, randomInt, randomUUID, timingSafeEqual } from 'node:crypto'
import type { Duplex } from 'node:stream'
import { ProxyError, toProxyError } from '../errors'
import { placesOf } from '../http/logger'
import type { InFlight } from '../limits/in-flight'
import type { PasswordSessions } from '../password/sessions'
import { choosePath, type AccessPaths } from '../request/choose-path'
import { loginSettings, requestSettings } from '../request/request-settings'
import type { WorkThreads } from '../threads/work-threads'
import type { Access } from './access'
import { ClientStream, endStream, readLoginMessage, readStartupPacket } from './client-stream'
import { createIsCatalogQuery, createReadCommands } from './commands'
import { FROM_CLIENT, malformed, readText } from './from-client'
import {
  MECHANISM,
  readInitialResponse,
  readMethod,
  refusal,
  requireAcknowledgement,
} from './oauth'
import { openPasswordAccess } from './password-access'
import { Session, type SessionParts } from './session'
import { SessionSettings } from './settings'
import { negotiated, readStartup, type Startup } from './startup'
import { openTokenAccess, type TokenAccess, type TokenParts } from './token-access'
import {
  ASK_PASSWORD,
  AUTHENTICATION_OK,
  backendKeyData,
  errorResponse,
  negotiateVersion,
  parameterStatus,
  saslContinue,
  saslMechanisms,
} from './to-client'
import { endUnlessValid, watchToken } from './watch-token'

export type SessionsParts = Omit<SessionParts, 'maxPendingBytes'> &
  TokenParts & {
    readonly paths: AccessPaths
    readonly passwordSessions: PasswordSessions
    readonly statementTimeoutMs: number
    readonly checkMs: number
    readonly threads: WorkThreads
    /** Then nothing runs that is not listed, catalog queries neither. */
    readonly hasAllowlist: boolean
    /** Where clients that know OAUTHBEARER get a token. */
    readonly issuer: () => string | undefined
    readonly maxMessageBytes: number
    /** Counts the sessions of each user. */
    readonly perUser: InFlight
  }

/** From the first byte to the end of the login. */
const LOGIN_MS = 15_000
/** Connections that have not logged in. */
const MOST_LOGGING_IN = 1_000

export type CancelSession = (processId: number, secretKey: Buffer) => void

type Start = Extract<Startup, { kind: 'start' }>

export class Sessions {
  readonly perUser: InFlight
  readonly #parts: SessionsParts
  readonly #open = new Map<number, { readonly session: Session; readonly secretKey: Buffer }>()
  readonly #tokens = new Map<Session, TokenAccess>()
  readonly #loggingIn = new Set<Duplex>()
  #isClosing = false
  #onEmpty: () => void = () => undefined
  /** A CancelRequest is not for this process, and may be for another that shares the port. */
  onUnknown: CancelSession = () => undefined

  constructor(parts: SessionsParts) {
    this.#parts = parts
    this.perUser = parts.perUser
  }

  /** Serves a client until it leaves. Never throws. */
  async serve(stream: Duplex, address: string): Promise<void> {
    stream.on('error', () => undefined)
    if (this.#isClosing || this.#loggingIn.size >= MOST_LOGGING_IN) {
      refuse(stream, new ProxyError('queue_full', 'too many connections are logging in'))
      return
    }
    const deadline = setTimeout(() => {
      stream.destroy()
    }, LOGIN_MS)
    this.#loggingIn.add(stream)
    try {
      const begun = await this.#login(stream, address).finally(() => {
        clearTimeout(deadline)
        this.#loggingIn.delete(stream)
      })
      if (begun === undefined) endStream(stream)
      else await begun()
    } catch (error) {
      this.#logRefusal(error)
      refuse(stream, toProxyError(error))
    }
    this.#checkEmpty()
  }

  /** @returns false if no session of this process has that id */
  cancel(processId: number, secretKey: Buffer): boolean {
    const found = this.#open.get(processId)
    if (found === undefined) return false
    const isOwn =
      found.secretKey.length === secretKey.length && timingSafeEqual(found.secretKey, secretKey)
    if (isOwn) found.session.cancelRunning()
    return true
  }

  /** Ends the sessions whose tokens are no longer valid. */
  async verify(): Promise<void> {
    await Promise.all([...this.#tokens].map(([session, access]) => endUnlessValid(session, access)))
  }

  /** Lets open transactions finish, for at most the given time. */
  async close(graceMs: number): Promise<void> {
    this.#isClosing = true
    for (const stream of this.#loggingIn) stream.destroy()
    for (const { session } of this.#open.values()) session.endWhenIdle(shuttingDown())
    const empty = new Promise<void>((resolve) => {
      this.#onEmpty = resolve
    })
    const timer = setTimeout(() => {
      for (const { session } of this.#open.values()) session.end(shuttingDown())
    }, graceMs)
    this.#checkEmpty()
    await empty
    clearTimeout(timer)
  }

  #checkEmpty(): void {
    if (this.#isClosing && this.#open.size === 0) this.#onEmpty()
  }

  /** @returns what serves the session; undefined when the client only wanted to cancel, or has left */
  async #login(stream: Duplex, address: string): Promise<Begun | undefined> {
    this.#parts.rates.address.take(address)
    const start = await this.#readStart(stream)
    if (start === undefined) return undefined
    const version = negotiated(start)
    if (version !== undefined) stream.write(negotiateVersion(version, start.unknown))
    const { method, rest } = readMethod(start.settings)
    const asked = { ...start, settings: rest }
    const access =
      method === 'oauth'
        ? await this.#authenticateByOauth(stream, asked, address)
        : await this.#authenticateByPassword(stream, asked, address)
    if (access === undefined) return undefined
    try {
      return this.#begin(stream, asked, access)
    } catch (error) {
      await access.close?.()
      throw error
    }
  }

  async #readStart(stream: Duplex): Promise<Start | undefined> {
    for (;;) {
      const packet = await readStartupPacket(stream)
      if (packet === undefined) return undefined
      const startup = readStartup(packet)
      switch (startup.kind) {
        case 'start':
          return startup
        case 'cancel':
          if (!this.cancel(startup.processId, startup.secretKey)) {
            this.onUnknown(startup.processId, startup.secretKey)
          }
          return undefined
        case 'ssl':
        case 'gss':
          // What can be encrypted is, by the time that this is read.
          stream.write('N')
      }
    }
  }

  async #authenticateByPassword(
    stream: Duplex,
    start: Start,
    address: string,
  ): Promise<ClosableAccess | undefined> {
    stream.write(ASK_PASSWORD)
    const body = await readAnswer(stream)
    return body && this.#authenticate(readText(body, 'password'), start, address)
  }

  /** A refused token is answered with the way to a good one, and the connection ends. */
  async #authenticateByOauth(
    stream: Duplex,
    start: Start,
    address: string,
  ): Promise<ClosableAccess | undefined> {
    stream.write(saslMechanisms([MECHANISM]))
    const body = await readAnswer(stream)
    if (body === undefined) return undefined
    const token = readInitialResponse(body)
    try {
      if (token === undefined) throw tokenMissing()
      return await this.#authenticate(token, start, address)
    } catch (error) {
      const issuer = this.#parts.issuer()
      if (issuer === undefined) throw error
      stream.write(saslContinue(refusal(issuer)))
      const acknowledgement = await readAnswer(stream)
      if (acknowledgement !== undefined) requireAcknowledgement(acknowledgement)
      throw error
    }
  }

  async #authenticate(password: string, start: Start, address: string): Promise<ClosableAccess> {
    const parts = this.#parts
    const target = {
      ...start,
      password: password === '' ? undefined : Buffer.from(password, 'utf8'),
      hasHostname: true,
    }
    // A password that looks like a token is one.
    const authorization = isToken(password) || !parts.paths.password ? bearer(password) : undefined
    const path = choosePath(authorization, target, parts.paths)
    if (path.kind === 'password') {
      const { password: secret } = path
      const settings = loginSettings(start.settings)
      const credentials = {
        role: start.user,
        database: start.database,
        password: secret,
        settings,
      }
      return openPasswordAccess(credentials, parts.passwordSessions, parts.rates.user)
    }
    // Refuses what may not be set, before an answer can show what the token is worth.
    requestSettings(start.settings, parts.statementTimeoutMs)
    const token = path.kind === 'token' ? path.token : undefined
    return openTokenAccess(token, target, address, parts)
  }

  #begin(stream: Duplex, start: Start, access: ClosableAccess): Begun {
    const parts = this.#parts
    const place = parts.perUser.enter(access.user)
    const processId = this.#newProcessId()
    const secretKey = randomBytes(start.minor >= 2 ? 32 : 4)
    const client = new ClientStream(stream, parts.maxMessageBytes)
    client.write(AUTHENTICATION_OK)
    for (const [name, value] of reported(access)) client.write(parameterStatus(name, value))
    client.write(backendKeyData(processId, secretKey))
    const settings = new SessionSettings(
      start.settings.filter(([name]) => isKept(name)),
      parts.statementTimeoutMs,
    )
    const given = {
      id: randomUUID(),
      client,
      access,
      settings,
      readCommands: createReadCommands(parts.threads, parts.checkMs),
      isCatalogQuery: parts.hasAllowlist
        ? () => Promise.resolve(false)
        : createIsCatalogQuery(parts.threads, parts.checkMs),
      spendCpu: (ms: number) => {
        if (!access.isPinned) parts.meters.budget.spend(access.user, ms)
      },
    }
    const session = new Session(given, { ...parts, maxPendingBytes: parts.maxMessageBytes })
    this.#open.set(processId, { session, secretKey })
    const stopWatching = this.#watchToken(session, access)
    return async () => {
      try {
        await session.serve()
      } finally {
        stopWatching()
        this.#open.delete(processId)
        place.leave()
        await access.close?.()
      }
    }
  }

  #watchToken(session: Session, access: Access): () => void {
    if (!isTokenAccess(access)) return () => undefined
    this.#tokens.set(session, access)
    const stop = watchToken(session, access)
    return () => {
      stop()
      this.#tokens.delete(session)
    }
  }

  #newProcessId(): number {
    for (;;) {
      const id = randomInt(1, 2 ** 31 - 1)
      if (!this.#open.has(id)) return id
    }
  }

  #logRefusal(error: unknown): void {
    const told = toProxyError(error)
    const unexpected = told === error ? {} : { at: placesOf(error) }
    const outcome = { ms: 0, status: told.status, rows: null, code: told.code, ...unexpected }
    this.#parts.log({ id: randomUUID(), role: null, ...outcome })
  }
}

type Begun = () => Promise<void>
type ClosableAccess = Access & { readonly close?: () => Promise<void> }

/** @returns the body of the client's answer; undefined if it has left */
async function readAnswer(stream: Duplex): Promise<Buffer | undefined> {
  const answer = await readLoginMessage(stream)
  if (answer === undefined || answer.type === FROM_CLIENT.terminate) return undefined
  if (answer.type !== FROM_CLIENT.password) throw malformed('expected password response')
  return answer.body
}

function tokenMissing(): ProxyError {
  return new ProxyError('credentials_missing', 'OAuth bearer authentication needs a token')
}

function refuse(stream: Duplex, error: ProxyError): void {
  endStream(stream, errorResponse(error, 'FATAL'))
}

function isTokenAccess(access: Access): access is TokenAccess {
  return 'verify' in access
}

function isToken(password: string): boolean {
  return /^eyJ[\w-]*\.[\w-]+\.[\w-]*$/.test(password)
}

function bearer(password: string): string | undefined {
  return password === '' ? undefined : `Bearer ${password}`
}

/** Kept by the session; the others were judged to have the value that they have anyway. */
function isKept(name: string): boolean {
  return ['timezone', 'application_name', 'statement_timeout', 'lock_timeout'].includes(name)
}

/** The session reports these itself, and again whenever they change. */
const CHANGING = ['TimeZone', 'application_name']

function reported({ gate, parameters, role }: Access): ReadonlyMap<string, string> {
  if (gate === undefined) return parameters
  const all = new Map([...parameters, ['is_superuser', 'off'], ['session_authorization', role]])
  for (const name of CHANGING) all.delete(name)
  return all
}

function shuttingDown(): ProxyError {
  return new ProxyError('shutting_down', 'terminating connection due to administrator command')
}
