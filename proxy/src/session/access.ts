/** How a session reaches Postgres, and as which role: by token on a session of the pool, or by password. */
import type { Cancellation } from '../cancellation'
import type { Gate } from '../gate/gate'
import type { PostgresConnection } from '../postgres/connection'
import type { Step } from '../postgres/flight'
import type { PostgresError } from '../postgres/messages'

export type Access = {
  readonly role: string
  /** The key for this user's limits; never logged. */
  readonly user: string
  /** Undefined for a role that logs in by password, which may run any statement. */
  readonly gate: Gate | undefined
  /** Its session in Postgres is its own from its login to its end. */
  readonly isPinned: boolean
  /** The settings that Postgres reports at a login, by name. */
  readonly parameters: ReadonlyMap<string, string>
  /**
   * Called before each request.
   * @throws ProxyError when the user may not run anything now, or the session's token is no longer valid
   */
  check(): Promise<void>
  /** @param tables those of the first statement */
  acquire(cancellation: Cancellation, tables?: readonly string[]): Promise<PostgresConnection>
  /** What begins a transaction: from here on the session acts as the user. */
  begin(connection: PostgresConnection): readonly Step[]
  /** Whether a transaction whose beginning failed may begin again on another session in Postgres. */
  mayBeginAgain(error: PostgresError, connection: PostgresConnection): Promise<boolean>
  /** @param isClean false when something may be left behind */
  release(connection: PostgresConnection, isClean: boolean): Promise<void>
  /**
   * Replaces the session's token.
   * @throws ProxyError unless it is a valid one of the same user
   */
  renew(token: string): Promise<void>
}
