/** Keeps the configured number of workers running, and relays messages between them. */
import cluster, { type Worker } from 'node:cluster'
import type { Config } from '../../config/config'
import { StartError } from '../start-error'
import type { CancelMessage, FromWorker, SessionsMessage, ToWorker } from './messages'
import { SessionTotals } from './session-counts'
import { variablesOfWorker } from './share'

/** A worker that survives this long started successfully. */
const HEALTHY_MS = 10_000
const FIRST_PAUSE_MS = 250
const LONGEST_PAUSE_MS = 30_000
/** Extra time on top of the grace period for requests in flight. */
const STOP_SLACK_MS = 2_000

export class Workers {
  readonly #config: Pick<Config, 'workers' | 'limits'>
  readonly #say: (line: string) => void
  readonly #running = new Set<Worker>()
  /** Workers that have not yet accepted the last report of the others' spending. */
  readonly #behind = new Set<Worker>()
  readonly #warm = new WeakSet<Worker>()
  readonly #sessions = new SessionTotals<Worker>()
  readonly #pauses = new Set<NodeJS.Timeout>()
  #isStopping = false
  #endedBadly = false
  #onAllEnded: () => void = () => undefined

  /** @param say called with the reason when a worker is replaced */
  constructor(config: Pick<Config, 'workers' | 'limits'>, say: (line: string) => void) {
    this.#config = config
    this.#say = say
  }

  /**
   * @returns the address that all workers share
   * @throws StartError when one cannot start; the others are stopped
   */
  async start(): Promise<string> {
    const indexes = Array.from({ length: this.#config.workers }, (_, index) => index)
    try {
      const urls = await Promise.all(indexes.map((index) => this.#startFirst(index)))
      return urls[0] ?? ''
    } catch (error) {
      this.#isStopping = true
      this.#kill()
      throw error
    }
  }

  reload(): void {
    for (const worker of this.#running) worker.send({ kind: 'reload' } satisfies ToWorker, ignore)
  }

  /** Lets all workers finish their requests. Rejects if one had to be killed or failed. */
  async close(): Promise<void> {
    this.#isStopping = true
    for (const pause of this.#pauses) clearTimeout(pause)
    const ended = new Promise<void>((resolve) => {
      this.#onAllEnded = resolve
      if (this.#running.size === 0) resolve()
    })
    for (const worker of this.#running) worker.send({ kind: 'stop' } satisfies ToWorker, ignore)
    const timer = setTimeout(() => {
      this.#kill()
    }, this.#config.limits.shutdownGraceMs + STOP_SLACK_MS)
    await ended
    clearTimeout(timer)
    if (this.#endedBadly) throw new StartError('A worker had to be killed, or failed as it ended.')
  }

  #startFirst(index: number): Promise<string> {
    return new Promise((resolve, reject) => {
      let isListening = false
      this.#fork(index, {
        onListening: (url) => {
          isListening = true
          resolve(url)
        },
        onEnd: (why, livedMs) => {
          if (isListening) this.#replace(index, why, livedMs, 0)
          else reject(new StartError(why))
        },
      })
    })
  }

  #replace(index: number, why: string, livedMs: number, earlyDeaths: number): void {
    const deaths = livedMs < HEALTHY_MS ? earlyDeaths + 1 : 0
    const ms = deaths === 0 ? 0 : Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (deaths - 1))
    this.#say(`${why} Another worker starts in ${ms / 1000} s.`)
    const pause = setTimeout(() => {
      this.#pauses.delete(pause)
      this.#fork(index, {
        onListening: () => undefined,
        onEnd: (nextWhy, nextLivedMs) => {
          this.#replace(index, nextWhy, nextLivedMs, deaths)
        },
      })
    }, ms)
    this.#pauses.add(pause)
  }

  /** @param on called with the worker's events, except while all workers are stopping */
  #fork(
    index: number,
    on: { onListening: (url: string) => void; onEnd: (why: string, livedMs: number) => void },
  ): void {
    const { workers, limits } = this.#config
    const worker = cluster.fork(variablesOfWorker(limits, workers, index))
    const startedAt = performance.now()
    let sentence: string | undefined
    this.#running.add(worker)
    worker.on('error', ignore)
    worker.on('message', (message: FromWorker) => {
      if (message.kind === 'listening') {
        on.onListening(message.url)
        this.#tellSessions([worker])
      } else if (message.kind === 'failed') sentence = message.sentence
      else if (message.kind === 'warm') this.#onWarm(worker)
      else if (message.kind === 'cancel') this.#cancel(worker, message)
      else if (message.kind === 'sessions') this.#onSessions(worker, message)
      else this.#passOn(worker, message)
    })
    worker.on('exit', (status: number | null, signal: string | null) => {
      this.#running.delete(worker)
      this.#behind.delete(worker)
      this.#tellSessions(this.#running, this.#sessions.end(worker))
      if (this.#isStopping) {
        this.#endedBadly ||= status !== 0
        if (this.#running.size === 0) this.#onAllEnded()
      } else {
        const how = signal ?? `status ${status ?? 'unknown'}`
        on.onEnd(sentence ?? `A worker ended (${how}).`, performance.now() - startedAt)
      }
    })
  }

  /** Readiness of one worker must not show before that of all, since any may be asked next. */
  #onWarm(worker: Worker): void {
    this.#warm.add(worker)
    const running = [...this.#running]
    if (!running.every((one) => this.#warm.has(one))) return
    for (const one of running) one.send({ kind: 'all-warm' } satisfies ToWorker, ignore)
  }

  /** One of the others may have the session. */
  #cancel(sender: Worker, message: CancelMessage): void {
    for (const worker of this.#running) if (worker !== sender) worker.send(message, ignore)
  }

  #onSessions(worker: Worker, { counts }: SessionsMessage): void {
    if (!this.#running.has(worker)) return
    this.#tellSessions(this.#running, this.#sessions.set(worker, counts))
  }

  /** @param users all by default */
  #tellSessions(workers: Iterable<Worker>, users?: readonly string[]): void {
    for (const worker of workers) {
      const counts = this.#sessions.elsewhere(worker, users)
      if (counts.length > 0) worker.send({ kind: 'sessions', counts } satisfies ToWorker, ignore)
    }
  }

  #passOn(sender: Worker, message: ToWorker): void {
    for (const worker of this.#running) {
      // Reports would pile up for a stuck worker, and a stuck worker serves no requests anyway.
      if (worker === sender || this.#behind.has(worker)) continue
      this.#behind.add(worker)
      worker.send(message, () => {
        this.#behind.delete(worker)
      })
    }
  }

  #kill(): void {
    for (const worker of this.#running) worker.process.kill('SIGKILL')
  }
}

function ignore(): void {
  // The worker has ended, which the exit event handles.
}
