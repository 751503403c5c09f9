/**
 * Live queries: a SELECT whose answer is sent again whenever it has changed for the user who asked.
 *
 * The database tells which tables and keys have changed (`listener.ts`), `interests.ts` finds the queries that
 * this may concern, and each of them runs again as its user (`live-query.ts`). README.md draws
 * how the parts fit together.
 */
import { createHash } from 'node:crypto'
import { z } from 'zod'
import type { SessionKey } from '../auth/session-key'
import { ProxyError, toProxyError } from '../errors'
import { placesOf } from '../http/logger'
import { answerTooLarge } from '../execute/answer/answer-writer'
import type { AnswerMemory } from '../execute/answer/answer-memory'
import type { Execute, Job } from '../execute/execute'
import type { Verdict } from '../gate/decide'
import { InFlight, Place } from '../limits/in-flight'
import type { StatementMeters } from '../limits/statement-meter'
import type { Pool } from '../postgres/pool'
import type { WorkThreads } from '../threads/work-threads'
import type { WorkContext } from '../threads/work-context'
import { parseChange, type Change } from './change'
import { Interests } from './interests'
import { Knowledge } from './knowledge'
import { Listener } from './listener'
import { LiveQuery, type Run } from './live-query'
import { LiveStream, type LiveStreamSettings } from './live-stream'
import { liveRefused, type Reads } from './reads'
import { Turns } from './turns'
import { WakeAll } from './wake-all'

export type LiveSettings = {
  readonly url: string
  readonly sessionKey: SessionKey
  /** How many may be open in this process. */
  readonly most: { readonly perUser: number; readonly all: number }
  /** Runs at a time; the rest of the pool is for other requests. */
  readonly runs: number
  readonly runMs: number
  readonly checkMs: number
  readonly answerBytes: number
  readonly memory: AnswerMemory
  readonly pool: Pool
  readonly threads: WorkThreads
  readonly execute: Execute
  readonly meters: StatementMeters
  readonly say: (sentence: string) => void
}

/** A statement that has passed the gate, and who asks. */
export type LiveRequest = Pick<Job, 'request' | 'options' | 'settings' | 'verdicts' | 'user'> &
  Pick<LiveStreamSettings, 'authenticate' | 'authenticated' | 'begin' | 'lastEventId'> & {
    readonly context: WorkContext
  }

export type Live = {
  /**
   * Resolves when the first answer has been sent.
   * @throws ProxyError, as for the same statement without events, or live_refused
   */
  open(request: LiveRequest): Promise<{ readonly ended: Promise<void> }>
  /** Ends those whose tokens are not accepted any more, after a change of the providers or revocations. */
  verifyAll(): void
  /** Ends all of them, for their clients to come back to another process. */
  close(): void
  /** The statements that are kept up to date; the same one of one user counts once. */
  readonly size: number
  /** How often one of them has run, for tests and measurements. */
  readonly runs: number
}

/** Fixed times, so that they tell nothing about what the proxy does. */
const HEARTBEAT_MS = 15_000
/** How soon after the end of a token its stream ends. */
const SWEEP_MS = 1_000
/** More values than this are not looked up one by one: every change counts. */
const MOST_VALUES = 1_000

const valuesOf = z.object({ rows: z.array(z.tuple([z.string().nullable()])) })

export function createLive(settings: LiveSettings): Live {
  const hub = new Hub(settings)
  hub.start()
  return hub
}

class Hub implements Live {
  readonly #settings: LiveSettings
  readonly #listener: Listener
  readonly #knowledge: Knowledge
  readonly #interests = new Interests<LiveQuery>()
  readonly #queries = new Map<string, LiveQuery>()
  readonly #streams = new Set<LiveStream>()
  readonly #turns: Turns
  readonly #open: InFlight
  readonly #wakeAll = new WakeAll()
  readonly #askers = new Map<string, Verdict>()
  #timers: NodeJS.Timeout[] = []
  #isClosed = false
  runs = 0

  constructor(settings: LiveSettings) {
    this.#settings = settings
    this.#turns = new Turns(settings.runs)
    this.#open = new InFlight(settings.most.perUser, 'live queries', settings.most.all)
    this.#listener = new Listener({
      url: settings.url,
      onNotification: (payload) => {
        const change = parseChange(payload)
        if (change !== undefined) this.#onChange(change)
      },
      onListening: () => {
        this.#knowledge.forget()
        for (const query of [...this.#queries.values()]) query.onUnknownChange()
      },
      say: settings.say,
    })
    this.#knowledge = new Knowledge({
      ...settings,
      declared: () => this.#listener.declared(),
    })
  }

  get size(): number {
    return this.#queries.size
  }

  start(): void {
    this.#listener.start()
    this.#timers = [
      setInterval(() => {
        for (const stream of this.#streams) stream.beat()
      }, HEARTBEAT_MS).unref(),
      setInterval(() => {
        this.#sweep()
      }, SWEEP_MS).unref(),
    ]
  }

  async open(request: LiveRequest): Promise<{ readonly ended: Promise<void> }> {
    if (this.#isClosed) throw shuttingDown()
    const { verdicts, context, user } = request
    const [statement] = request.request.kind === 'single' ? [request.request.statement] : []
    if (statement === undefined) throw liveRefused('a batch has no single answer')
    if (verdicts[0]?.isRead !== true)
      throw liveRefused('only a SELECT that locks no rows can be one')
    const reads = await this.#knowledge.findReads(statement.sql, context)
    const place = this.#open.enter(user)
    const stream = new LiveStream({ ...request, memory: this.#settings.memory })
    const leave = (reason: Error) => {
      stream.end('end', toProxyError(reason))
    }
    void stream.ended.then(() => {
      place.leave()
      this.#streams.delete(stream)
      context.cancellation.unlisten(leave)
    })
    this.#streams.add(stream)
    context.cancellation.listen(leave)
    this.#queryOf(request, reads).add(stream)
    await stream.begun
    return stream
  }

  verifyAll(): void {
    for (const stream of [...this.#streams]) void stream.verify()
  }

  close(): void {
    this.#isClosed = true
    for (const timer of this.#timers) clearInterval(timer)
    this.#listener.close()
    this.#wakeAll.close()
    for (const stream of [...this.#streams]) stream.end('end', shuttingDown())
  }

  #queryOf(request: LiveRequest, reads: Reads): LiveQuery {
    const key = keyOf(request)
    const known = this.#queries.get(key)
    if (known !== undefined) return known
    const { verdicts, user } = request
    const asUser = { request: request.request, options: request.options, verdicts, user }
    const query: LiveQuery = new LiveQuery({
      runMs: this.#settings.runMs,
      execute: (run) => {
        this.runs++
        return this.#execute({ ...asUser, settings: request.settings }, run)
      },
      findInterest: (by, run) => {
        const job = { settings: request.settings, user }
        return this.#knowledge.interestOf(reads, by, (audience) => this.#ask(audience, job, run))
      },
      listenTo: (keys) => {
        if (!this.#isClosed) this.#interests.set(query, keys)
      },
      takeTurn: (job) => {
        this.#turns.add(user, job)
      },
      onUnexpected: (thrown) => {
        this.#settings.say(`A live query failed unexpectedly: ${placesOf(thrown).join(' ')}`)
      },
      onEmpty: () => {
        this.#interests.delete(query)
        if (this.#queries.get(key) === query) this.#queries.delete(key)
      },
    })
    this.#queries.set(key, query)
    this.#interests.set(query, undefined)
    return query
  }

  #execute(job: Pick<Job, 'request' | 'options' | 'settings' | 'verdicts' | 'user'>, run: Run) {
    const { execute, meters, answerBytes } = this.#settings
    return execute({
      ...job,
      ...run,
      meters,
      // The user's turn bounds what runs at a time.
      place: new Place(() => undefined),
      openStream: () => {
        throw answerTooLarge(answerBytes)
      },
    })
  }

  /** Runs an audience's query as the user. */
  async #ask(
    audience: string,
    { settings, user }: Pick<Job, 'settings' | 'user'>,
    run: Run,
  ): Promise<readonly string[] | undefined> {
    const sql = `select distinct value::text from (${audience}) as audience (value) limit ${MOST_VALUES + 1}`
    const options = {
      rawText: true,
      arrayMode: true,
      isolation: undefined,
      readOnly: false,
      deferrable: false,
    }
    const statement = { sql, params: [], arrayMode: undefined }
    const request = { kind: 'single' as const, statement }
    const job = { request, options, settings, verdicts: [this.#verdictOf(audience)], user }
    const answer = await this.#execute(job, run)
    const { rows } = valuesOf.parse(JSON.parse(Buffer.concat(answer.bytes).toString('utf8')))
    answer.release()
    return rows.length > MOST_VALUES ? undefined : rows.flatMap(([value]) => value ?? [])
  }

  /** One object for each, which remembers how long it takes. The owner's own SQL needs no gate. */
  #verdictOf(audience: string): Verdict {
    const known = this.#askers.get(audience)
    if (known !== undefined) return known
    const verdict = { leavesState: false, isRead: true, holdsContent: false }
    this.#askers.set(audience, verdict)
    return verdict
  }

  #onChange(change: Change): void {
    if (change.kind === 'schema') this.#knowledge.forget()
    const wake = () => {
      const concerned = this.#interests.concerned(change)
      for (const query of concerned) query.onChange(change)
      return concerned.size
    }
    if (change.kind === 'rows' && change.keys !== undefined) wake()
    else this.#wakeAll.wake(change.kind === 'rows' ? change.relation : change.kind, wake)
  }

  /** Ends what may not be served any more, also when nothing changes. */
  #sweep(): void {
    const now = Date.now() / 1000
    for (const stream of [...this.#streams]) {
      if (stream.expiresAt <= now) void stream.verify()
    }
  }
}

/**
 * Claims that say something about the token and nothing about its user. Answers may depend on all others,
 * so only tokens that agree in them share a run.
 */
const OF_THE_TOKEN: ReadonlySet<string> = new Set(['iat', 'exp', 'nbf', 'jti'])

function keyOf(request: LiveRequest): string {
  const { user, authenticated, options, settings } = request
  const claims = JSON.parse(authenticated.token?.payloadJson ?? '{}') as Record<string, unknown>
  const aboutUser = Object.entries(claims).filter(([name]) => !OF_THE_TOKEN.has(name))
  const steps = settings.steps.map(({ sql, params }) => [sql, params])
  const parts = [user, authenticated.identity.role, aboutUser, steps, options, request.request]
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64')
}

function shuttingDown(): ProxyError {
  return new ProxyError('shutting_down', 'the proxy is shutting down; try again')
}
