/** One client of a live query: what it has been sent, and how much it has not read yet. */
import type { Authenticated } from '../auth/authenticate'
import type { ResponseStream } from '../execute/answer/answer-writer'
import type { AnswerMemory } from '../execute/answer/answer-memory'
import { toProxyError, type ProxyError } from '../errors'
import { HEARTBEAT, lastEvent } from './events'

const PROBE_MS = 100

export type LiveStreamSettings = {
  /** Verifies the token again. */
  readonly authenticate: () => Promise<Authenticated>
  readonly authenticated: Authenticated
  /** Sends the head of the answer. `onHalfClosed` is called when the client may have gone. */
  readonly begin: (onHalfClosed: () => void) => ResponseStream
  /** The answer that the client has from before. */
  readonly lastEventId: string | undefined
  /** Shared with all long answers that wait to be read. */
  readonly memory: AnswerMemory
}

export class LiveStream {
  authenticated: Authenticated
  /** Resolves when the first answer is there, and rejects when there is none. */
  readonly begun: Promise<void>
  /** Resolves when nothing more will be sent. */
  readonly ended: Promise<void>
  /** Called when a client that was behind can take an answer again. */
  onReady: () => void = () => undefined
  /** Called when nothing more will be sent. */
  onEnd: () => void = () => undefined
  readonly #authenticate: () => Promise<Authenticated>
  readonly #begin: LiveStreamSettings['begin']
  readonly #memory: AnswerMemory
  #out: ResponseStream | undefined
  #sentId: string | undefined
  /** The client has not read its last answer yet. */
  #isBehind = false
  /** It was not sent an answer because it was behind. */
  #hasMissed = false
  /** Bytes of its last answer, counted in the shared memory until it has read them. */
  #unread = 0
  #isEnded = false
  #resolveBegun: () => void = () => undefined
  #rejectBegun: (error: unknown) => void = () => undefined
  #resolveEnded: () => void = () => undefined

  constructor({ authenticate, authenticated, begin, lastEventId, memory }: LiveStreamSettings) {
    this.#authenticate = authenticate
    this.authenticated = authenticated
    this.#begin = begin
    this.#sentId = lastEventId
    this.#memory = memory
    this.begun = new Promise((resolve, reject) => {
      this.#resolveBegun = resolve
      this.#rejectBegun = reject
    })
    this.ended = new Promise((resolve) => {
      this.#resolveEnded = resolve
    })
  }

  /** Seconds since 1970; infinite without a token. */
  get expiresAt(): number {
    return this.authenticated.token?.expiresAt ?? Number.POSITIVE_INFINITY
  }

  get hasBegun(): boolean {
    return this.#out !== undefined
  }

  /** Whether its token is still good. If it is not, the client must come back with another. */
  async verify(): Promise<boolean> {
    try {
      this.authenticated = await this.#authenticate()
      return !this.#isEnded
    } catch (thrown) {
      this.end('end', toProxyError(thrown))
      return false
    }
  }

  /** Sends an answer, unless it is the one that the client has. */
  offer(id: string, event: Buffer): void {
    if (this.#isEnded) return
    const isFirst = this.#out === undefined
    this.#out ??= this.#begin(() => {
      this.#probe()
    })
    if (id === this.#sentId) {
      this.#hasMissed = false
      if (isFirst) this.#out.write(HEARTBEAT)
    } else if (this.#isBehind) {
      this.#hasMissed = true
    } else {
      this.#sentId = id
      this.#write(this.#out, event)
    }
    this.#resolveBegun()
  }

  beat(): void {
    if (!this.#isBehind && !this.#isEnded) this.#out?.write(HEARTBEAT)
  }

  /** Ends the stream: with an HTTP error if nothing has been sent yet, or else with a last event. */
  end(kind: 'error' | 'end', error: ProxyError): void {
    if (this.#isEnded) return
    this.#out?.write(lastEvent(kind, error))
    this.#rejectBegun(error)
    this.leave()
  }

  /** The client has gone. */
  leave(): void {
    if (this.#isEnded) return
    this.#isEnded = true
    this.#giveBack()
    this.#resolveBegun()
    this.#resolveEnded()
    this.onEnd()
  }

  /** A client that has gone answers the first of these with a reset, which the second one meets. */
  #probe(): void {
    this.beat()
    setTimeout(() => {
      this.beat()
    }, PROBE_MS).unref()
  }

  #write(out: ResponseStream, event: Buffer): void {
    if (out.write(event)) return
    this.#isBehind = true
    // Without memory for what the client has not read, it has to come back.
    if (!this.#memory.take(event.length)) {
      this.leave()
      return
    }
    this.#unread = event.length
    out.onceDrained(() => {
      this.#giveBack()
      this.#isBehind = false
      if (!this.#hasMissed) return
      this.#hasMissed = false
      this.onReady()
    })
  }

  #giveBack(): void {
    this.#memory.giveBack(this.#unread)
    this.#unread = 0
  }
}
