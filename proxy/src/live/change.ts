/** What the database's notifications say (proxy/sql/12_live_rows.sql). */
import { createHmac } from 'node:crypto'
import type { SessionKey } from '../auth/session-key'

/** The channel. Any session may notify it, so a message is only a reason to look, never a fact. */
export const CHANNEL = 'sql_proxy_live'

export type Change =
  /** Tables, policies or rights. */
  | { readonly kind: 'schema' }
  /** Rows of a table with these keys; undefined for any row. */
  | { readonly kind: 'rows'; readonly relation: string; readonly keys?: readonly string[] }

const KEYS = /^[A-Za-z0-9+/]{16}$/

/** Undefined for what the triggers never write. */
export function parseChange(payload: string): Change | undefined {
  if (payload === 'schema') return { kind: 'schema' }
  const [relation = '', ...keys] = payload.split(' ')
  if (!/^\d{1,10}$/.test(relation) || keys.length === 0) return undefined
  if (keys.length === 1 && keys[0] === '*') return { kind: 'rows', relation }
  return keys.every((key) => KEYS.test(key)) ? { kind: 'rows', relation, keys } : undefined
}

/** The key under which the triggers announce rows with this value in the column. */
export function changeKey(
  { key }: SessionKey,
  relation: string,
  column: string,
  value: string,
): string {
  const hmac = createHmac('sha256', key).update(`live ${relation} ${column} ${value}`, 'utf8')
  return hmac.digest('base64').slice(0, 16)
}
