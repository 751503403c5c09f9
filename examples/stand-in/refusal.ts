/** What a stand-in refuses: a code in the words of OAuth, and a sentence. */

const STATUS = {
  invalid_request: 400,
  invalid_grant: 400,
  invalid_client: 401,
  invalid_credentials: 401,
  forbidden: 403,
  not_found: 404,
  email_taken: 409,
  too_large: 413,
  server_error: 500,
} as const

export class Refusal extends Error {
  override readonly name = 'Refusal'
  readonly code: keyof typeof STATUS
  readonly status: number

  constructor(code: keyof typeof STATUS, sentence: string) {
    super(sentence)
    this.code = code
    this.status = STATUS[code]
  }
}

/** As OAuth says it (RFC 6749, section 5.2). */
export function oauthError({ code, message, status }: Refusal): Response {
  return Response.json({ error: code, error_description: message }, { status })
}
