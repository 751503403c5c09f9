/** Requests and answers as the path of a request sees them, without sockets. */
import type { Cancellation } from '../cancellation'
import type { ResponseStream } from '../execute/answer/answer-writer'
import type { Headers } from '../request/options'

export type Request = {
  readonly method: string
  readonly path: string
  readonly headers: Headers
  /** The client's address, as far as it is known. */
  readonly address: string
  /** Reads the whole body. Rejects with body_too_large, or with the error that `onLarge` throws. */
  readonly body: (onLarge?: () => void) => Promise<Uint8Array>
  /** Cancelled when the client goes away. */
  readonly cancellation: Cancellation
  /**
   * Starts sending an answer before its end is known. A different answer after that cuts it off.
   * @param onHalfClosed called when the client ends its side meanwhile: it may have gone, or still read
   */
  readonly begin: (head: Head, onHalfClosed?: () => void) => ResponseStream
}

export type Head = {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
}

/** A body of bytes is what has not left through a stream already. */
export type Response = Head & {
  readonly body: string | readonly Buffer[]
  /** Must be called once the answer has been sent, or cannot be sent. */
  readonly release?: () => void
}

export type Handle = (request: Request) => Promise<Response>
