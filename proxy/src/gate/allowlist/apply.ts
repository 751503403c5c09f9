/** Puts the list, or the recorder of one, behind the gate, as the configuration says. */
import { ConfigError } from '../../config/config'
import type { Gate } from '../gate'
import type { WorkThreads } from '../../threads/work-threads'
import { withAllowlist, type ListedGate } from './allowlist'
import { withRecorder } from './recorder'

export type AllowlistConfig = {
  /** PROXY_ALLOWLIST: the list's path; null for no list. */
  readonly allowlist: string | null
  /** PROXY_ALLOWLIST_RECORD: where statements are written down; null for nowhere. */
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
