/** Refusals in the shape and with the codes of Clerk's APIs, which the SDKs turn into messages. */

/** @see https://clerk.com/docs/guides/development/errors/frontend-api */
export type ErrorCode =
  | 'authentication_invalid'
  | 'authorization_header_format_invalid'
  | 'clerk_key_invalid'
  | 'dev_browser_unauthenticated'
  | 'form_code_incorrect'
  | 'form_identifier_exists'
  | 'form_identifier_not_found'
  | 'form_param_format_invalid'
  | 'form_param_missing'
  | 'form_password_incorrect'
  | 'form_password_length_too_short'
  | 'internal_clerk_error'
  | 'origin_invalid'
  | 'request_body_invalid'
  | 'request_body_too_large'
  | 'resource_not_found'
  | 'session_exists'
  | 'strategy_for_user_invalid'
  | 'ticket_invalid_code'
  | 'verification_missing'

export class ClerkError extends Error {
  override readonly name = 'ClerkError'
  readonly status: number
  readonly code: ErrorCode
  readonly param: string | undefined

  /** @param param the form field that the SDK shows the message beside. */
  constructor(status: number, code: ErrorCode, message: string, param?: string) {
    super(message)
    this.status = status
    this.code = code
    this.param = param
  }

  toJSON() {
    const { code, message, param } = this
    const meta = param === undefined ? {} : { param_name: param }
    return { errors: [{ code, message, long_message: message, meta }] }
  }
}

/** A field of a form that is wrong: 422, shown beside the field. */
export function formError(code: ErrorCode, message: string, param: string): ClerkError {
  return new ClerkError(422, code, message, param)
}

export function notFound(what: string): ClerkError {
  return new ClerkError(404, 'resource_not_found', `${what} was not found.`)
}

/** Tells clerk-js that the session is over: it signs the browser out. */
export function signedOut(): ClerkError {
  return new ClerkError(401, 'authentication_invalid', 'The session is over: sign in again.')
}
