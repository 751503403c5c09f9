/** One client's session after its login: the server side of Postgres' protocol, message by message. */
import { Cancellation, cancelled } from '../cancellation'
import { ProxyError, toProxyError } from '../errors'
import type { Log } from '../http/logger'
import type { WorkContext } from '../threads/work-context'
import type { Access } from './access'
import type { ClientStream } from './client-stream'
import type { IsCatalogQuery, ReadCommands } from './commands'
import { Control } from './control'
import { FROM_CLIENT, malformed, readText, requireEmpty, type Message } from './from-client'
import { createJudge } from './judge'
import { Pipeline, type PipelineParts } from './pipeline'
import { Queries } from './queries'
import { SessionLog } from './session-log'
import { SessionTimers, type TimerSettings } from './session-timers'
import type { SessionSettings } from './settings'
import { Statements } from './statements'
import { errorResponse, parameterStatus, readyForQuery } from './to-client'

export type SessionParts = PipelineParts &
  TimerSettings & {
    readonly serializable: boolean
    readonly log: Log
  }

/** What identifies it to the outside. */
export type SessionSettingsOf = {
  readonly id: string
  readonly client: ClientStream
  readonly access: Access
  readonly settings: SessionSettings
  readonly readCommands: ReadCommands
  readonly isCatalogQuery: IsCatalogQuery
  readonly spendCpu: WorkContext['spendCpu']
}

/** Settings that are reported, by Postgres' spelling. */
const REPORTED = [
  ['timezone', 'TimeZone'],
  ['application_name', 'application_name'],
] as const

export class Session {
  readonly #client: ClientStream
  readonly #access: Access
  readonly #settings: SessionSettings
  readonly #pipeline: Pipeline
  readonly #queries: Queries
  readonly #timers: SessionTimers
  readonly #log: SessionLog
  readonly #cancellation = new Cancellation()
  readonly #reported = new Map<string, string>()
  #isEnded = false
  #endsWhenIdle: ProxyError | undefined

  constructor(given: SessionSettingsOf, parts: SessionParts) {
    const { client, access, settings, readCommands } = given
    this.#client = client
    this.#access = access
    this.#settings = settings
    this.#log = new SessionLog(parts.log, given.id, access.role)
    const pipeline = (this.#pipeline = new Pipeline(client, access, parts))
    pipeline.onFatal = (error) => {
      this.end(error)
    }
    const statements = new Statements()
    const context: WorkContext = {
      user: access.user,
      cancellation: this.#cancellation,
      spendCpu: given.spendCpu,
    }
    this.#queries = new Queries({
      ...{ pipeline, statements, readCommands, context },
      control: new Control(pipeline, access, settings, statements, parts.serializable),
      judge: createJudge({
        ...given,
        context,
        onUnknownSetting: () => {
          pipeline.markUnclean()
        },
      }),
    })
    this.#timers = new SessionTimers({
      ...parts,
      isHolding: () => pipeline.isHolding && !access.isPinned,
      isAnswering: () => !pipeline.replies.isEmpty,
      end: (error) => {
        this.end(error)
      },
    })
    client.onGone = () => {
      this.#cancellation.cancel(cancelled())
      void pipeline.abort()
    }
  }

  /** Serves the client until it leaves, or the session has to end. */
  async serve(): Promise<void> {
    try {
      this.#report()
      this.#client.write(readyForQuery('I'))
      while (!this.#isEnded) {
        this.#timers.wait()
        const next = await this.#client.next()
        this.#timers.heard()
        if (next === undefined || next.type === FROM_CLIENT.terminate) break
        this.#log.begin()
        await this.#handle(next)
      }
    } catch (error) {
      this.end(toProxyError(error), error)
    } finally {
      this.#timers.stop()
      this.#isEnded = true
      this.#cancellation.cancel(cancelled())
      await this.#pipeline.abort()
      this.#client.end()
    }
  }

  /** Ends the session, whatever it is doing. */
  end(error: ProxyError, thrown: unknown = error): void {
    if (this.#isEnded) return
    this.#isEnded = true
    this.#client.write(errorResponse(error, 'FATAL'))
    this.#log.refuse(thrown)
    this.#log.write(error, null)
    // A client that does not read would never see the end.
    if (this.#client.isFull) this.#client.destroy()
    else this.#client.end()
    this.#cancellation.cancel(error)
    void this.#pipeline.abort()
  }

  /** Ends it as soon as no transaction is open. */
  endWhenIdle(error: ProxyError): void {
    if (this.#pipeline.status === 'I' && this.#pipeline.isUntouched) this.end(error)
    else this.#endsWhenIdle = error
  }

  /** A CancelRequest has named it. */
  cancelRunning(): void {
    this.#pipeline.cancel()
  }

  async #handle({ type, body }: Message): Promise<void> {
    if (type === FROM_CLIENT.sync) {
      requireEmpty(body, 'Sync')
      await this.#sync()
      return
    }
    if (this.#pipeline.isSkipping) return
    try {
      await this.#dispatch(type, body)
    } catch (error) {
      if (error instanceof ProxyError && error.code === 'protocol_violation') throw error
      this.#pipeline.refuse(error)
      this.#log.refuse(error)
    }
    if (type === FROM_CLIENT.query || type === FROM_CLIENT.functionCall) await this.#sync()
  }

  async #dispatch(type: number, body: Buffer): Promise<void> {
    switch (type) {
      case FROM_CLIENT.query:
        await this.#queries.simple(readText(body, 'Query'))
        break
      case FROM_CLIENT.parse:
        await this.#queries.parse(body)
        break
      case FROM_CLIENT.bind:
        await this.#queries.bind(body)
        break
      case FROM_CLIENT.describe:
        await this.#queries.describe(body)
        break
      case FROM_CLIENT.execute:
        await this.#queries.execute(body)
        break
      case FROM_CLIENT.close:
        await this.#queries.close(body)
        break
      case FROM_CLIENT.flush:
        requireEmpty(body, 'Flush')
        this.#pipeline.flush()
        break
      case FROM_CLIENT.functionCall:
        throw new ProxyError('feature_refused', 'function-call messages are not supported')
      case FROM_CLIENT.copyData:
      case FROM_CLIENT.copyDone:
      case FROM_CLIENT.copyFail:
        // Left over from a COPY that was refused, as in Postgres.
        break
      default:
        throw malformed(`invalid frontend message type ${type}`)
    }
  }

  async #sync(): Promise<void> {
    const pipeline = this.#pipeline
    await pipeline.sync()
    if (this.#isEnded) return
    this.#queries.onSync()
    pipeline.isSkipping = false
    this.#timers.watchTransaction(pipeline.status !== 'I' && !this.#access.isPinned)
    this.#report()
    this.#client.write(readyForQuery(pipeline.status))
    const { answers } = pipeline
    this.#log.write(answers.error, answers.rows)
    answers.error = undefined
    answers.rows = 0
    if (this.#endsWhenIdle !== undefined && pipeline.status === 'I') this.end(this.#endsWhenIdle)
  }

  /** Tells the client of settings that have changed. */
  #report(): void {
    if (this.#access.gate === undefined) return
    for (const [name, spelling] of REPORTED) {
      const value = this.#settings.get(name) ?? this.#access.parameters.get(spelling) ?? ''
      if (this.#reported.get(name) === value) continue
      this.#reported.set(name, value)
      this.#client.write(parameterStatus(spelling, value))
    }
  }
}
