/**
 * What a client still has to be told, in order: Postgres' answers to the messages that were passed on, without
 * those to the proxy's own, and what the proxy answers itself.
 */
import { FROM_POSTGRES } from '../postgres/messages'

/** What Postgres answers a message with. */
export type Reply = {
  readonly kind: 'parse' | 'bind' | 'close' | 'describe statement' | 'describe portal' | 'execute'
  /** The message was the proxy's own. */
  readonly isHidden?: boolean
  /** In the simple protocol, statements without rows are not described. */
  readonly hidesNoData?: boolean
  /** Its notices are about what the proxy has made of it. */
  readonly hidesNotices?: boolean
  /** The client sees this instead of the error that Postgres answers with. */
  readonly insteadOfError?: Buffer
  /** Instead of Postgres' command tag. */
  readonly tag?: string
  /** Called for each of its messages, such as a description. */
  readonly onMessage?: (type: number, body: Buffer) => void
  /** Called when it is complete. @param tag of a command; undefined for the rest */
  readonly onDone?: (tag?: string) => void
}

type Entry =
  Reply | { readonly kind: 'local'; readonly bytes: Buffer; readonly onDone?: () => void }

/** The messages that end each kind of reply. */
const ENDS: Readonly<Record<Reply['kind'], ReadonlySet<number>>> = {
  parse: new Set([FROM_POSTGRES.parseComplete]),
  bind: new Set([FROM_POSTGRES.bindComplete]),
  close: new Set([FROM_POSTGRES.closeComplete]),
  'describe statement': new Set([FROM_POSTGRES.rowDescription, FROM_POSTGRES.noData]),
  'describe portal': new Set([FROM_POSTGRES.rowDescription, FROM_POSTGRES.noData]),
  execute: new Set([
    FROM_POSTGRES.commandComplete,
    FROM_POSTGRES.emptyQueryResponse,
    FROM_POSTGRES.portalSuspended,
  ]),
}

export class Replies {
  readonly #entries: Entry[] = []
  readonly #write: (bytes: Buffer) => void

  constructor(write: (bytes: Buffer) => void) {
    this.#write = write
  }

  /** Postgres has answered everything. */
  get isEmpty(): boolean {
    return this.#entries.length === 0
  }

  expect(reply: Reply): void {
    this.#entries.push(reply)
  }

  /** An answer of the proxy's, at its place among Postgres'. */
  add(bytes: Buffer, onDone?: () => void): void {
    this.#entries.push({ kind: 'local', bytes, ...(onDone ? { onDone } : {}) })
    this.#writeLocal()
  }

  /** After an error, the rest is not answered. @returns what the client sees instead of it */
  fail(): Buffer | undefined {
    const [head] = this.#entries.splice(0)
    return head?.kind === 'local' ? undefined : head?.insteadOfError
  }

  /** The notices that Postgres sends now are about a statement that the proxy has changed. */
  get hidesNotices(): boolean {
    const [head] = this.#entries
    return (
      head !== undefined && head.kind !== 'local' && (head.isHidden ?? head.hidesNotices) === true
    )
  }

  /**
   * @param whole the message with its type and length
   * @param body the message without them
   */
  receive(type: number, whole: Buffer, body: Buffer): void {
    const [head] = this.#entries
    if (head === undefined || head.kind === 'local') throw new RangeError('an answer to nothing')
    head.onMessage?.(type, body)
    const isTag = type === FROM_POSTGRES.commandComplete
    const isHidden = head.hidesNoData === true && type === FROM_POSTGRES.noData
    if (head.isHidden !== true && !isHidden) {
      this.#write(isTag && head.tag !== undefined ? withTag(whole, head.tag) : whole)
    }
    if (!ENDS[head.kind].has(type)) return
    this.#entries.shift()
    head.onDone?.(isTag ? body.toString('utf8', 0, body.length - 1) : undefined)
    this.#writeLocal()
  }

  #writeLocal(): void {
    for (let [head] = this.#entries; head?.kind === 'local'; [head] = this.#entries) {
      this.#entries.shift()
      this.#write(head.bytes)
      head.onDone?.()
    }
  }
}

function withTag(whole: Buffer, tag: string): Buffer {
  const changed = Buffer.concat([whole.subarray(0, 5), Buffer.from(`${tag}\0`)])
  changed.writeInt32BE(changed.length - 1, 1)
  return changed
}
