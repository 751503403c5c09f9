/** Every reason to refuse a request: a union of stable codes, and the HTTP status of each. */

const STATUS = {
  route_unknown: 400,
  connection_string_invalid: 400,
  connection_option_refused: 400,
  credentials_missing: 400,
  role_refused: 400,
  role_unavailable: 400,
  password_refused: 400,
  origin_refused: 400,
  database_unknown: 400,
  isolation_level_invalid: 400,
  isolation_level_refused: 400,
  token_malformed: 400,
  token_too_large: 400,
  token_algorithm_refused: 400,
  token_issuer_unknown: 400,
  token_key_unknown: 400,
  token_signature_invalid: 400,
  token_claims_invalid: 400,
  token_expired: 400,
  token_not_yet_valid: 400,
  token_audience_refused: 400,
  token_party_refused: 400,
  token_revoked: 400,
  keys_unavailable: 400,
  body_invalid: 400,
  body_too_large: 413,
  headers_too_large: 431,
  statement_refused: 400,
  statement_not_listed: 400,
  statement_syntax: 400,
  live_off: 406,
  live_refused: 400,
  pattern_too_large: 400,
  postgres_error: 400,
  connection_lost: 400,
  outcome_unknown: 400,
  cancelled: 400,
  too_many_requests: 429,
  rate_limited: 429,
  cpu_budget_exceeded: 429,
  statement_still_running: 429,
  answer_undecodable: 500,
  postgres_unreachable: 500,
  database_unsafe: 500,
  internal: 500,
  queue_full: 503,
  shutting_down: 503,
  answer_too_large: 507,
  // Of sessions, which have no HTTP status: theirs is only for the log.
  protocol_violation: 400,
  feature_refused: 400,
  setting_refused: 400,
  transaction_failed: 400,
  session_timeout: 400,
  session_ended: 400,
} as const

/** The values of the response header `proxy-error-code`. */
export type ErrorCode = keyof typeof STATUS
export const ERROR_CODES = Object.keys(STATUS) as readonly ErrorCode[]

/** For sessions, whose protocol requires one: the SQLSTATE of a refusal that brings none of its own. */
export const SQLSTATE: Readonly<Record<ErrorCode, string>> = {
  route_unknown: '08P01',
  connection_string_invalid: '08P01',
  connection_option_refused: '22023',
  credentials_missing: '28000',
  role_refused: '28000',
  role_unavailable: '28000',
  password_refused: '28P01',
  origin_refused: '28000',
  database_unknown: '3D000',
  isolation_level_invalid: '22023',
  isolation_level_refused: '42501',
  token_malformed: '28000',
  token_too_large: '28000',
  token_algorithm_refused: '28000',
  token_issuer_unknown: '28000',
  token_key_unknown: '28000',
  token_signature_invalid: '28000',
  token_claims_invalid: '28000',
  token_expired: '28000',
  token_not_yet_valid: '28000',
  token_audience_refused: '28000',
  token_party_refused: '28000',
  token_revoked: '28000',
  keys_unavailable: '57P03',
  body_invalid: '08P01',
  body_too_large: '54000',
  headers_too_large: '54000',
  statement_refused: '42501',
  statement_not_listed: '42501',
  statement_syntax: '42601',
  live_off: '0A000',
  live_refused: '0A000',
  pattern_too_large: '54000',
  postgres_error: 'XX000',
  connection_lost: '08006',
  outcome_unknown: '08007',
  cancelled: '57014',
  too_many_requests: '53300',
  rate_limited: '53400',
  cpu_budget_exceeded: '53400',
  statement_still_running: '53300',
  answer_undecodable: 'XX000',
  postgres_unreachable: '57P03',
  database_unsafe: '57P03',
  internal: 'XX000',
  queue_full: '53300',
  shutting_down: '57P01',
  answer_too_large: '54000',
  protocol_violation: '08P01',
  feature_refused: '0A000',
  setting_refused: '42501',
  transaction_failed: '25P02',
  session_timeout: '57P05',
  session_ended: '57P01',
}

/** The members that every error body has, in this order (the driver copies all but `message`). */
const MEMBERS = [
  'code',
  'detail',
  'hint',
  'position',
  'internalPosition',
  'internalQuery',
  'severity',
  'where',
  'table',
  'column',
  'schema',
  'dataType',
  'constraint',
  'file',
  'line',
  'routine',
] as const

/** The fields of a Postgres error besides its message. A missing one is sent as null. */
export type ErrorFields = Partial<Record<(typeof MEMBERS)[number], string>>

/** A refusal that is safe to show to the client: no secret, no stack. */
export class ProxyError extends Error {
  override readonly name = 'ProxyError'
  readonly code: ErrorCode
  readonly fields: ErrorFields
  readonly statusOverride: number | undefined

  constructor(code: ErrorCode, message: string, fields: ErrorFields = {}, status?: number) {
    super(message)
    this.code = code
    this.fields = fields
    this.statusOverride = status
  }

  get status(): number {
    return this.statusOverride ?? STATUS[this.code]
  }
}

/**
 * The error object of Neon's protocol: exactly 17 members, all present.
 * @param more what the client has asked for besides
 */
export function errorBody(error: ProxyError, more: Readonly<Record<string, unknown>> = {}): string {
  const body: Record<string, string | null> = { message: error.message }
  for (const member of MEMBERS) body[member] = error.fields[member] ?? null
  // Neon sends "" and not null for these two when the error is not Postgres' own.
  body.code ??= ''
  body.severity ??= ''
  return JSON.stringify({ ...body, ...more })
}

/** Turns anything thrown into an error that is safe to show. Unexpected errors give no details. */
export function toProxyError(thrown: unknown): ProxyError {
  if (thrown instanceof ProxyError) return thrown
  return new ProxyError('internal', 'the proxy failed to answer; its log has the request id')
}
