/** Which errors of a run say nothing about the statement, so that it is tried again later. */
import type { ProxyError } from '../errors'

const CODES: ReadonlySet<string> = new Set([
  'connection_lost',
  'outcome_unknown',
  'postgres_unreachable',
  'keys_unavailable',
])
/** Connection, transaction rollback, resources, a lock that was not to be had, shutdown. */
const SQLSTATES = /^(08|40|53|55P03|57P)/

export function isTemporary({ code, status, fields }: ProxyError): boolean {
  return status === 429 || status === 503 || CODES.has(code) || SQLSTATES.test(fields.code ?? '')
}
