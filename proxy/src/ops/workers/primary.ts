/** Keeps as many workers running as it was told to, and passes on what is said to them. */
import cluster, { type Worker } from 'node:cluster'
import type { Config } from '../../config/config'
import { StartError } from '../start-error'
import type { FromWorker, ToWorker } from './messages'
import { variablesOfWorker } from './share'

/** Who lives longer than this did not die of how it was started. */
const HEALTHY_MS = 10_000
const FIRST_PAUSE_MS = 250
const LONGEST_PAUSE_MS = 30_000
/** Beyond the time that requests in flight have. */
const STOP_SLACK_MS = 2_000

export class Workers {
  readonly #config: Pick<Config, 'workers' | 'limits'>
  readonly #say: (line: string) => void
  readonly #running = new Set<Worker>()
  /** Those who have not yet taken what they were last told of the others' spending. */
  readonly #behind = new Set<Worker>()
  readonly #pauses = new Set<NodeJS.Timeout>()
  #isStopping = false
  #endedBadly = false
  #onAllEnded: () => void = () => undefined

  /** @param say told when a worker is replaced, and why */
  constructor(config: Pick<Config, 'workers' | 'limits'>, say: (line: string) => void) {
    this.#config = config
    this.#say = say
  }

  /**
   * @returns the address that they share
   * @throws StartError when one could not start; then none is left
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

  /** Lets all finish what is in flight; rejects when one did not end by itself, or not well. */
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

  /** @param on told of what happens to it, unless all are to stop */
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
      if (message.kind === 'listening') on.onListening(message.url)
      else if (message.kind === 'failed') sentence = message.sentence
      else this.#passOn(worker, message)
    })
    worker.on('exit', (status: number | null, signal: string | null) => {
      this.#running.delete(worker)
      this.#behind.delete(worker)
      if (this.#isStopping) {
        this.#endedBadly ||= status !== 0
        if (this.#running.size === 0) this.#onAllEnded()
      } else {
        const how = signal ?? `status ${status ?? 'unknown'}`
        on.onEnd(sentence ?? `A worker ended (${how}).`, performance.now() - startedAt)
      }
    })
  }

  #passOn(sender: Worker, message: ToWorker): void {
    for (const worker of this.#running) {
      // For one that is stuck it would pile up; and one that is stuck lets nobody through.
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
  // A worker that cannot be told has ended, which is noticed elsewhere.
}
