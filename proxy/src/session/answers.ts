/** Passes Postgres' answers on to the client, but for what it must not see: answers to the proxy's own messages. */
import { ProxyError } from '../errors'
import { FROM_POSTGRES, readError } from '../postgres/messages'
import type { ClientStream } from './client-stream'
import { Replies } from './replies'
import { errorResponse } from './to-client'

export class Answers {
  readonly replies: Replies
  /** Since the last line of the log. */
  rows = 0
  /** The last error that was sent, for the log. */
  error: ProxyError | undefined
  readonly #client: ClientStream
  /** A session that is the client's own reports its settings itself. */
  readonly #isPinned: boolean

  constructor(client: ClientStream, isPinned: boolean) {
    this.#client = client
    this.#isPinned = isPinned
    this.replies = new Replies((bytes) => {
      client.write(bytes)
    })
  }

  /**
   * @param reason why the statement is being cancelled, if it is
   * @returns false after an error: the rest is not answered
   */
  receive(type: number, whole: Buffer, body: Buffer, reason: ProxyError | undefined): boolean {
    switch (type) {
      case FROM_POSTGRES.errorResponse:
        this.#onError(whole, body, reason)
        return false
      case FROM_POSTGRES.noticeResponse:
        if (!this.replies.hidesNotices) this.#client.write(whole)
        break
      case FROM_POSTGRES.parameterStatus:
        if (this.#isPinned) this.#client.write(whole)
        break
      case FROM_POSTGRES.notificationResponse:
        break
      default:
        if (type === FROM_POSTGRES.dataRow) this.rows++
        this.replies.receive(type, whole, body)
    }
    return true
  }

  #onError(whole: Buffer, body: Buffer, reason: ProxyError | undefined): void {
    const instead = this.replies.fail()
    const { message: what, fields } = readError(body)
    if (instead !== undefined) this.#client.write(instead)
    else if (reason !== undefined && fields.code === '57014') {
      this.error = reason
      this.#client.write(errorResponse(reason))
    } else {
      this.error = new ProxyError('postgres_error', what, fields)
      this.#client.write(whole)
    }
  }
}
