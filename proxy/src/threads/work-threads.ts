/**
 * Runs work off the event loop. Users take turns, and work that exceeds its CPU time is ended by
 * terminating its thread, which works even if the parser never returns.
 */
import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import { ProxyError } from '../errors'
import { cpuMs } from './cpu-clock'
import { TREE_BYTES } from '../gate/parser'
import { FairTurns } from './fair-turns'
import type { FromThread, Kind, ThreadData, ToThread, Work } from './protocol'
import { threadSource } from './source'
import type { WorkContext } from './work-context'

export type WorkThreadsOptions = {
  readonly count?: number
  /** For tests: replaces the code of `thread.ts`. */
  readonly source?: string
  /** A factor for the memory of one statement's tree; 1 by default. */
  readonly memory?: number
}

/** The work was ended because it exceeded its CPU time or memory. */
export class WorkEnded extends Error {
  override readonly name = 'WorkEnded'
}

/** More threads would compete with Postgres and the event loop for cores. */
const MOST_THREADS = 2
/**
 * A thread's limits besides the parser's own memory. The stack is as large as that of Node's main thread
 * (984 kB plus the 192 kB that Node reserves), so the parser's limit on nesting is the same.
 */
const LIMITS = { maxOldGenerationSizeMb: 64, maxYoungGenerationSizeMb: 16, stackSizeMb: 1.148 }
/** How many times its CPU budget a job may take in elapsed time, as on a busy machine. */
const MOST_ELAPSED = 20
const LEAST_WAIT_MS = 10
/** Pause before starting a thread again that failed to start. */
const PAUSE_MS = 1_000

type Job = {
  readonly message: ToThread
  readonly context: WorkContext
  readonly budgetMs: number
  /** Checks again at its turn whether the outcome is known by now. */
  readonly isKnown: () => boolean
  readonly settle: (outcome: FromThread | Error) => void
}

type Thread = {
  readonly worker: Worker
  isReady: boolean
  id: number | undefined
  /** CPU time of the thread at its last report. */
  cpuMs: number
  job: Job | undefined
  timer: NodeJS.Timeout | undefined
}

export class WorkThreads {
  readonly #source: string
  readonly #memory: number
  readonly #threads = new Set<Thread>()
  readonly #waiting: FairTurns<Job>
  #isClosed = false
  /** CPU time to start a thread, charged to the user who made a restart necessary. */
  #startMs = 0

  private constructor(source: string, count: number, memory: number) {
    this.#source = source
    this.#memory = memory
    // One user cannot occupy all threads, unless there is only one.
    this.#waiting = new FairTurns(Math.max(1, count - 1))
  }

  /** Resolves once all threads have started; rejects if one cannot. */
  static async start(options: WorkThreadsOptions = {}): Promise<WorkThreads> {
    const count = options.count ?? Math.max(1, Math.min(MOST_THREADS, availableParallelism() - 1))
    const threads = new WorkThreads(
      options.source ?? (await threadSource()),
      count,
      options.memory ?? 1,
    )
    try {
      await Promise.all(Array.from({ length: count }, () => threads.#start()))
      return threads
    } catch (error) {
      threads.close()
      throw error
    }
  }

  /**
   * Runs a job. A cancelled job that has begun still runs to its end, which is near, and only then settles.
   * @param budgetMs CPU milliseconds after which the job is ended
   * @param known returns the outcome if an identical job has produced it in the meantime
   * @throws WorkEnded, ProxyError, or the cancellation's reason
   */
  run<K extends Kind>(
    kind: K,
    input: Work[K]['input'],
    context: WorkContext,
    budgetMs: number,
    known: () => Work[K]['output'] | Error | undefined = () => undefined,
  ): Promise<Work[K]['output']> {
    const { cancellation, user } = context
    return new Promise((resolve, reject) => {
      cancellation.throwIfCancelled()
      const cancel = (reason: Error) => {
        if (this.#waiting.remove(user, job)) reject(reason)
      }
      const job: Job = {
        message: { kind, input },
        context,
        budgetMs,
        isKnown: () => {
          const outcome = known()
          if (outcome instanceof Error) reject(outcome)
          else if (outcome !== undefined) resolve(outcome)
          return outcome !== undefined
        },
        settle: (outcome) => {
          cancellation.unlisten(cancel)
          if (outcome instanceof Error) reject(outcome)
          else if (outcome.kind === 'done') resolve(outcome.output)
          else reject(errorOf(outcome))
        },
      }
      cancellation.listen(cancel)
      this.#waiting.add(user, job)
      this.#dispatch()
    })
  }

  close(): void {
    this.#isClosed = true
    for (const { worker } of this.#threads) void worker.terminate()
  }

  #dispatch(): void {
    for (const thread of this.#threads) {
      if (!thread.isReady || thread.job !== undefined) continue
      for (let job = this.#waiting.next(); job !== undefined; job = this.#waiting.next()) {
        if (!job.isKnown()) {
          this.#give(thread, job)
          break
        }
        this.#waiting.end(job.context.user, 0)
      }
    }
  }

  #give(thread: Thread, job: Job): void {
    thread.job = job
    // Only a busy thread keeps the process alive.
    thread.worker.ref()
    const { input } = job.message
    const isWhole = input instanceof Uint8Array && input.byteLength === input.buffer.byteLength
    thread.worker.postMessage(job.message, isWhole ? [input.buffer as ArrayBuffer] : [])
    this.#watch(thread, job, performance.now(), job.budgetMs)
  }

  #watch(thread: Thread, job: Job, begun: number, ms: number): void {
    thread.timer = setTimeout(() => {
      const left = job.budgetMs - this.#used(thread)
      const isLate = performance.now() - begun > job.budgetMs * MOST_ELAPSED
      if (left > 0 && !isLate) this.#watch(thread, job, begun, Math.max(LEAST_WAIT_MS, left))
      else void thread.worker.terminate()
    }, ms)
  }

  /** CPU milliseconds since the thread's last report. */
  #used(thread: Thread): number {
    return Math.max(0, cpuMs(thread.id, thread.worker.performance) - thread.cpuMs)
  }

  #end(thread: Thread, outcome: FromThread | Error, ms: number): void {
    const { job } = thread
    if (job === undefined) return
    clearTimeout(thread.timer)
    thread.job = undefined
    thread.worker.unref()
    job.context.spendCpu(ms)
    this.#waiting.end(job.context.user, ms)
    job.settle(outcome)
  }

  #start(): Promise<void> {
    return new Promise((resolve, reject) => {
      const treeBytes = TREE_BYTES * this.#memory
      const workerData: ThreadData = { treeBytes, moduleUrl: import.meta.url }
      const heapMb = Math.ceil(LIMITS.maxOldGenerationSizeMb * this.#memory)
      const worker = new Worker(this.#source, {
        ...{ eval: true, execArgv: [], workerData },
        resourceLimits: { ...LIMITS, maxOldGenerationSizeMb: heapMb },
      })
      const thread: Thread = {
        worker,
        ...{ isReady: false, id: undefined, cpuMs: 0, job: undefined, timer: undefined },
      }
      this.#threads.add(thread)
      let why = new Error('a thread of the proxy ended')
      let used = 0
      worker.on('message', (message: FromThread) => {
        const ms = message.cpuMs - thread.cpuMs
        thread.cpuMs = message.cpuMs
        if (message.kind === 'ready') {
          thread.isReady = true
          thread.id = message.threadId
          this.#startMs = ms
          worker.unref()
          resolve()
        } else {
          this.#end(thread, message, ms)
        }
        this.#dispatch()
      })
      worker.on('error', (error) => {
        if (error instanceof Error) why = error
        used = this.#used(thread)
      })
      worker.on('exit', () => {
        this.#threads.delete(thread)
        const ms = Math.max(used, thread.job?.budgetMs ?? 0) + this.#startMs
        this.#end(thread, new WorkEnded('it took too much time or memory'), ms)
        reject(why)
        this.#replace(thread.isReady)
      })
    })
  }

  /** Replaces a thread: immediately if it had started, so that waiting jobs are not delayed. */
  #replace(hadStarted: boolean): void {
    const start = () => {
      if (!this.#isClosed) void this.#start().catch(() => undefined)
    }
    if (hadStarted) start()
    else setTimeout(start, PAUSE_MS)
  }
}

function errorOf(outcome: Exclude<FromThread, { kind: 'done' }>): Error {
  if (outcome.kind === 'refused') {
    const { code, message, fields } = outcome.error
    return new ProxyError(code, message, fields)
  }
  const error = new Error('a thread of the proxy failed')
  if (outcome.kind === 'failed') error.stack = outcome.stack
  return error
}
