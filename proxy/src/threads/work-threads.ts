/**
 * Does work off the event loop: users take turns, and work that uses up its CPU time is ended
 * together with its thread, which no parser can resist.
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
  /** For tests: other code than `thread.ts`. */
  readonly source?: string
  /** A multiple of the memory that one statement's tree may take; 1 unless given. */
  readonly memory?: number
}

/** The work took more CPU time or memory than it may, and has been ended. */
export class WorkEnded extends Error {
  override readonly name = 'WorkEnded'
}

/** Beyond two, the parser would compete with Postgres and the event loop for cores. */
const MOST_THREADS = 2
/**
 * What a thread may hold beside the parser's own memory. The stack is that of Node's main thread
 * (984 kB and the 192 kB that Node keeps back), so the parser's limit on nesting is the same.
 */
const LIMITS = { maxOldGenerationSizeMb: 64, maxYoungGenerationSizeMb: 16, stackSizeMb: 1.148 }
/** On a busy machine a thread may wait this many times longer for a core than it works. */
const MOST_ELAPSED = 20
const LEAST_WAIT_MS = 10
/** Before a thread is tried again that could not even start. */
const PAUSE_MS = 1_000

type Job = {
  readonly message: ToThread
  readonly context: WorkContext
  readonly budgetMs: number
  /** Tried once more when its turn has come. */
  readonly isKnown: () => boolean
  readonly settle: (outcome: FromThread | Error) => void
}

type Thread = {
  readonly worker: Worker
  isReady: boolean
  id: number | undefined
  /** Of the thread's life, when it last said so. */
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
  /** What the start of a thread cost; whoever made it necessary is charged. */
  #startMs = 0

  private constructor(source: string, count: number, memory: number) {
    this.#source = source
    this.#memory = memory
    // While one user's job takes long, there is a thread for the others.
    this.#waiting = new FairTurns(Math.max(1, count - 1))
  }

  /** Resolves once all have started; rejects when one cannot. */
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
   * Settles when the work has really ended: cancelled work that had begun comes to its end, which
   * is near, and keeps its place among its user's until then.
   * @param budgetMs CPU milliseconds, beyond which it is ended
   * @param known may have the outcome meanwhile, since the same was asked for before
   * @throws WorkEnded, ProxyError, or why it was cancelled
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
    // Idle, a thread keeps no process alive; at work it must.
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

  /** CPU milliseconds since it last said what it had done. */
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

  /** At once after work that was ended, or those who wait would wait for a pause too. */
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
