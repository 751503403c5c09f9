/** What Postgres or the SQL proxy has refused, in their words; `code` is Postgres' SQLSTATE. */
export class SqlError extends Error {
  override readonly name = 'SqlError'
  readonly code: string | undefined

  constructor(message: string, code?: string) {
    super(message)
    this.code = code
  }
}
