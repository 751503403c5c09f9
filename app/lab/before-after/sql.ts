/** Sends one statement to a database, as the endpoints of this room do. */
export type Sql = (text: string, params?: readonly string[]) => Promise<readonly Row[]>

export type Row = Readonly<Record<string, string | null>>

/** Answered with the status 403. */
export class Forbidden extends Error {
  override readonly name = 'Forbidden'
}
