/** Messages between the event loop and its threads. */
import type { ErrorCode, ErrorFields } from '../errors'
import type { Part } from '../gate/commands'
import type { Verdict } from '../gate/decide'
import type { Bound } from '../live/bound'
import type { Reads } from '../live/reads'
import type { SqlRequest } from '../request/body'
import type { Outline } from '../trace/outline'

/** The kinds of work, with input and output. */
export type Work = {
  /** A refusal rejects with a ProxyError. */
  readonly judge: {
    readonly input: { readonly sql: string; readonly functions: readonly string[] }
    readonly output: Verdict
  }
  readonly commands: { readonly input: string; readonly output: readonly Part[] }
  /** Whether it is a listed catalog query. */
  readonly catalog: { readonly input: string; readonly output: boolean }
  readonly identify: { readonly input: string; readonly output: string | undefined }
  /** For a trace. */
  readonly outline: { readonly input: string; readonly output: Outline | undefined }
  readonly normalize: { readonly input: string; readonly output: string | undefined }
  /** For a live query; a refusal rejects with a ProxyError. */
  readonly findReads: { readonly input: string; readonly output: Reads }
  readonly isBound: { readonly input: Bound; readonly output: boolean }
  readonly parseBody: { readonly input: Uint8Array; readonly output: SqlRequest }
}

/** Start parameters of a thread. */
export type ThreadData = {
  readonly treeBytes: number
  /** Where to resolve packages from: the thread’s code is a text without a path. */
  readonly moduleUrl: string
}

export type Kind = keyof Work

export type ToThread = { readonly kind: Kind; readonly input: Work[Kind]['input'] }

/** `cpuMs` counts from the start of the thread. */
export type FromThread =
  | { readonly kind: 'ready'; readonly threadId: number | undefined; readonly cpuMs: number }
  | { readonly kind: 'done'; readonly output: Work[Kind]['output']; readonly cpuMs: number }
  | { readonly kind: 'refused'; readonly error: Refused; readonly cpuMs: number }
  | { readonly kind: 'failed'; readonly stack: string; readonly cpuMs: number }

/** A serialized ProxyError. */
export type Refused = {
  readonly code: ErrorCode
  readonly message: string
  readonly fields: ErrorFields
}
