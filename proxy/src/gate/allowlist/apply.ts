/** Adds the configured allow-list or recorder behind the gate. */
import { ConfigError } from '../../config/config'
import type { Gate } from '../gate'
import type { WorkThreads } from '../../threads/work-threads'
import { withAllowlist, type ListedGate } from './allowlist'
import { withRecorder } from './recorder'

export type AllowlistConfig = {
  /** PROXY_ALLOWLIST: path of the list; null for none. */
  readonly allowlist: string | null
  /** PROXY_ALLOWLIST_RECORD: path to record statements to; null for none. */
  readonly allowlistRecord: string | null
}

/** @throws ConfigError */
export async function applyAllowlist(
  gate: Gate,
  { allowlist, allowlistRecord }: AllowlistConfig,
  threads?: WorkThreads,
): Promise<ListedGate> {
  if (allowlist !== null && allowlistRecord !== null) {
    throw new ConfigError([
      'PROXY_ALLOWLIST_RECORD and PROXY_ALLOWLIST exclude each other: under a list nothing new runs that could be recorded; unset one of them',
    ])
  }
  try {
    if (allowlist !== null) return await withAllowlist(gate, allowlist, undefined, threads)
    if (allowlistRecord === null) return { gate, close: () => undefined }
    return { gate: await withRecorder(gate, allowlistRecord, threads), close: () => undefined }
  } catch (error) {
    const why = error instanceof Error ? error.message : 'unknown reason'
    throw new ConfigError([
      allowlist === null
        ? `PROXY_ALLOWLIST_RECORD is wrong: ${why}, for example: PROXY_ALLOWLIST_RECORD=.data/recorded.allowlist`
        : `PROXY_ALLOWLIST is wrong: ${why}, for example: PROXY_ALLOWLIST=db/queries.allowlist`,
    ])
  }
}
