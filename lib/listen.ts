/**
 * Listens to a stream of events for as long as a page is open: it comes back after every interruption, says what it
 * has already, and pauses while the page is hidden.
 */
import { readEvents } from './event-stream'
import { callProblem, failed, succeeded, type Problem, type Result } from './problem'

export type ListenSettings = {
  /** Opens the stream; `lastEventId` is of the last answer that has arrived. */
  readonly open: (lastEventId: string | undefined, signal: AbortSignal) => Promise<Result<Response>>
  readonly onAnswer: (data: string) => Promise<void> | void
  /** The stream's last event was an error: returns what it means. */
  readonly problemOf: (data: string) => Promise<Problem>
  /** Called when the connection is lost or refused. Attempts go on, unless the problem will not pass. */
  readonly onProblem?: ((problem: Problem) => void) | undefined
}

/** The proxy sends something every 15 seconds. */
const SILENCE_MS = 40_000
const FIRST_PAUSE_MS = 100
const LONGEST_PAUSE_MS = 15_000

/** What another attempt would not change. */
const LASTING: ReadonlySet<Problem> = new Set(['refused', 'unexpected', 'signed-out'])

/** Listens until the returned function is called. */
export function listen(settings: ListenSettings): () => void {
  const listening = new Listening(settings)
  if (typeof document === 'undefined') {
    listening.start()
    return () => {
      listening.pause()
    }
  }
  const stop = new AbortController()
  const { signal } = stop
  const follow = () => {
    if (document.visibilityState === 'visible') listening.start()
    else listening.pause()
  }
  document.addEventListener('visibilitychange', follow, { signal })
  window.addEventListener(
    'online',
    () => {
      listening.pause()
      follow()
    },
    { signal },
  )
  follow()
  return () => {
    stop.abort()
    listening.pause()
  }
}

class Listening {
  readonly #settings: ListenSettings
  #abort: AbortController | undefined
  /** Kept while it is paused, so that an answer is not sent again. */
  #lastEventId: string | undefined
  #pauseMs = FIRST_PAUSE_MS

  constructor(settings: ListenSettings) {
    this.#settings = settings
  }

  start(): void {
    if (this.#abort !== undefined) return
    this.#abort = new AbortController()
    this.#pauseMs = FIRST_PAUSE_MS
    void this.#listen(this.#abort.signal)
  }

  pause(): void {
    this.#abort?.abort()
    this.#abort = undefined
  }

  async #listen(signal: AbortSignal): Promise<void> {
    const isOver = () => signal.aborted
    while (!isOver()) {
      const result = await this.#once(signal)
      if (!isOver() && !result.ok) {
        this.#settings.onProblem?.(result.problem)
        if (LASTING.has(result.problem)) return
      }
      // With a random part, so that all clients of a restarted proxy do not come at once.
      await wait(this.#pauseMs * (0.5 + Math.random()), signal)
      this.#pauseMs = Math.min(LONGEST_PAUSE_MS, 2 * this.#pauseMs)
    }
  }

  /** Succeeds when the stream has ended for a reason for which to come back at once. */
  async #once(signal: AbortSignal): Promise<Result<undefined>> {
    const silence = new AbortController()
    let timer: ReturnType<typeof setTimeout> | undefined
    const onBytes = () => {
      clearTimeout(timer)
      timer = setTimeout(() => {
        silence.abort()
      }, SILENCE_MS)
    }
    try {
      onBytes()
      const opened = await this.#settings.open(
        this.#lastEventId,
        AbortSignal.any([signal, silence.signal]),
      )
      if (!opened.ok) return opened
      this.#pauseMs = FIRST_PAUSE_MS
      return await this.#read(opened.value, onBytes)
    } catch (error) {
      return failed(silence.signal.aborted ? 'unreachable' : callProblem(error))
    } finally {
      clearTimeout(timer)
      silence.abort()
    }
  }

  async #read({ body }: Response, onBytes: () => void): Promise<Result<undefined>> {
    if (body === null) return failed('unexpected')
    for await (const { event, data, id } of readEvents(body, onBytes)) {
      if (event === 'end') return succeeded(undefined)
      if (event === 'error') return failed(await this.#settings.problemOf(data))
      await this.#settings.onAnswer(data)
      this.#lastEventId = id
    }
    return failed('unreachable')
  }
}

function wait(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer)
      signal.removeEventListener('abort', done)
      resolve()
    }
    const timer = setTimeout(done, ms)
    signal.addEventListener('abort', done)
  })
}
