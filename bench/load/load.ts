/** Loads a server with requests of many users over connections that stay open; an error fails the run. */
import { versionOf } from '../machine'
import type { LoadOptions } from './call'
import { loadWithNode } from './node'
import { loadWithWrk } from './wrk'

export type Round = {
  readonly perSecond: number
  /** Milliseconds. */
  readonly p50: number
  readonly p99: number
}

/** oha, which others use for this, cannot send a header that differs from request to request. */
const loadWith = versionOf('wrk', '-v') === undefined ? loadWithNode : loadWithWrk

/** @throws Error when any answer had another status than 2xx, or did not come */
export async function load(options: LoadOptions): Promise<Round> {
  const { requests, failures, seconds, p50, p99 } = await loadWith(options)
  if (failures > 0 || requests === 0) {
    throw new Error(`${failures} of ${requests} requests to ${options.url} failed.`)
  }
  return { perSecond: requests / seconds, p50, p99 }
}
