/** What the event loop and its threads say to each other. */
import type { ErrorCode, ErrorFields } from '../errors'
import type { Verdict } from '../gate/decide'
import type { SqlRequest } from '../request/body'

/** Each kind of work: what it takes and what comes of it. */
export type Work = {
  /** Rejects with the ProxyError of a refusal. */
  readonly judge: {
    readonly input: { readonly sql: string; readonly functions: readonly string[] }
    readonly output: Verdict
  }
  readonly identify: { readonly input: string; readonly output: string | undefined }
  readonly normalize: { readonly input: string; readonly output: string | undefined }
  readonly parseBody: { readonly input: Uint8Array; readonly output: SqlRequest }
}

/** What a thread is given when it starts. */
export type ThreadData = {
  readonly treeBytes: number
  /** From where it finds its packages: its code is a text, which lies nowhere. */
  readonly moduleUrl: string
}

export type Kind = keyof Work

export type ToThread = { readonly kind: Kind; readonly input: Work[Kind]['input'] }

/** `cpuMs` is the thread's since it began. */
export type FromThread =
  | { readonly kind: 'ready'; readonly threadId: number | undefined; readonly cpuMs: number }
  | { readonly kind: 'done'; readonly output: Work[Kind]['output']; readonly cpuMs: number }
  | { readonly kind: 'refused'; readonly error: Refused; readonly cpuMs: number }
  | { readonly kind: 'failed'; readonly stack: string; readonly cpuMs: number }

/** A ProxyError as it crosses. */
export type Refused = {
  readonly code: ErrorCode
  readonly message: string
  readonly fields: ErrorFields
}
