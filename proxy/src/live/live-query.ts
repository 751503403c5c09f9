/**
 * One statement of one user, kept up to date for all who listen to it. Each answer comes from an ordinary
 * run of the statement as the user. A change is only a reason to run it again; it is sent if it is another.
 */
import type { Authenticated } from '../auth/authenticate'
import { Cancellation, cancelled, startDeadline } from '../cancellation'
import { toProxyError, type ProxyError } from '../errors'
import type { Job } from '../execute/execute'
import type { Answer } from '../execute/run-request'
import type { Change } from './change'
import { answerEvent, answerId } from './events'
import type { Interest } from './interest'
import type { LiveStream } from './live-stream'
import { isTemporary } from './temporary'

/** Changes within this time cause one run. */
const COALESCE_MS = 50
const FIRST_PAUSE_MS = 250
const LONGEST_PAUSE_MS = 2_000

export type Run = Pick<Job, 'identity' | 'cancellation'>

export type LiveQuerySettings = {
  readonly runMs: number
  readonly execute: (run: Run) => Promise<Answer>
  readonly findInterest: (by: Authenticated, run: Run) => Promise<Interest>
  /** Tells which changes to report; undefined for all of them. */
  readonly listenTo: (keys: Interest['keys'] | undefined) => void
  /** Waits for the user's turn. */
  readonly takeTurn: (job: () => Promise<void>) => void
  /** Called with what was thrown that is no refusal. */
  readonly onUnexpected: (thrown: unknown) => void
  /** The last client has gone. */
  readonly onEmpty: () => void
}

export class LiveQuery {
  readonly #settings: LiveQuerySettings
  readonly #streams = new Set<LiveStream>()
  /** Undefined when it must be found (again). */
  #interest: Interest | undefined
  /** While the interest is not known: the tables that have changed since it was looked for. */
  readonly #changed = new Set<string>()
  #isDue = false
  #isScheduled = false
  #ranAt = -Infinity
  #pause = 0
  #cancellation: Cancellation | undefined

  constructor(settings: LiveQuerySettings) {
    this.#settings = settings
  }

  get size(): number {
    return this.#streams.size
  }

  /** Runs the statement for a new client, which must not get an answer from before it came. */
  add(stream: LiveStream): void {
    this.#streams.add(stream)
    stream.onReady = () => {
      this.#wake()
    }
    stream.onEnd = () => {
      this.#streams.delete(stream)
      if (this.#streams.size > 0) return
      this.#cancellation?.cancel(cancelled())
      this.#settings.onEmpty()
    }
    this.#wake()
  }

  /** Something has changed that may concern the answer. */
  onChange(change: Change): void {
    if (this.#streams.size === 0) return
    this.#changed.add(whatOf(change))
    if (this.#interest !== undefined && isOutdated(this.#interest, this.#changed)) {
      this.#interest = undefined
      this.#settings.listenTo(undefined)
    }
    this.#wake()
  }

  /** Nothing is known of what has changed meanwhile. */
  onUnknownChange(): void {
    this.onChange({ kind: 'schema' })
  }

  end(kind: 'error' | 'end', error: ProxyError): void {
    for (const stream of [...this.#streams]) stream.end(kind, error)
  }

  #wake(): void {
    this.#isDue = true
    if (this.#isScheduled) return
    this.#isScheduled = true
    const wait = Math.max(this.#pause, this.#ranAt + COALESCE_MS - performance.now())
    const start = () => {
      this.#settings.takeTurn(() => this.#turn())
    }
    if (wait <= 0) start()
    else setTimeout(start, wait)
  }

  async #turn(): Promise<void> {
    this.#ranAt = performance.now()
    this.#isDue = false
    try {
      await this.#run()
      this.#pause = 0
    } catch (thrown) {
      const error = toProxyError(thrown)
      if (error !== thrown) this.#settings.onUnexpected(thrown)
      this.#onFailure(error)
    }
    this.#isScheduled = false
    if (this.#mustRunAgain()) this.#wake()
  }

  #mustRunAgain(): boolean {
    return this.#isDue && this.#streams.size > 0
  }

  /** Who has an answer waits for the next one. Who has none gets the error, and comes back when it likes. */
  #onFailure(error: ProxyError): void {
    const isLasting = !isTemporary(error)
    for (const stream of [...this.#streams]) {
      if (isLasting || !stream.hasBegun) stream.end('error', error)
    }
    this.#pause = Math.min(LONGEST_PAUSE_MS, Math.max(FIRST_PAUSE_MS, 2 * this.#pause))
    this.#isDue = true
  }

  async #run(): Promise<void> {
    const streams = await this.#verified()
    const [freshest] = streams.toSorted((a, b) => b.expiresAt - a.expiresAt)
    if (freshest === undefined) return
    const { authenticated } = freshest
    const cancellation = (this.#cancellation = new Cancellation())
    const deadline = startDeadline(cancellation, this.#settings.runMs)
    try {
      const run = { identity: authenticated.identity, cancellation }
      await this.#look(authenticated, run)
      const answer = await this.#settings.execute(run)
      const id = answerId(answer.bytes)
      const event = answerEvent(id, answer.bytes)
      answer.release()
      for (const stream of streams) stream.offer(id, event)
    } finally {
      clearTimeout(deadline)
      this.#cancellation = undefined
    }
  }

  /** As for any request, the tokens are verified: one may have ended or been revoked since the last run. */
  async #verified(): Promise<LiveStream[]> {
    const streams = [...this.#streams]
    const isGood = await Promise.all(streams.map((stream) => stream.verify()))
    return streams.filter((_, i) => isGood[i] === true)
  }

  /** Every change is reported until the interest is known, so none is missed that came in between. */
  async #look(by: Authenticated, run: Run): Promise<void> {
    if (this.#interest !== undefined) return
    this.#changed.clear()
    const interest = await this.#settings.findInterest(by, run)
    if (isOutdated(interest, this.#changed) || this.#streams.size === 0) return
    this.#interest = interest
    this.#settings.listenTo(interest.keys)
  }
}

const SCHEMA = 'schema'

function whatOf(change: Change): string {
  return change.kind === 'schema' ? SCHEMA : change.relation
}

function isOutdated({ refreshOn }: Interest, changed: ReadonlySet<string>): boolean {
  return changed.has(SCHEMA) || [...changed].some((relation) => refreshOn.has(relation))
}
