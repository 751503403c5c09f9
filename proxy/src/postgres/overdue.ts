/**
 * Asks Postgres about sessions that are overdue or silent. If Postgres is not working on a session, its
 * connection was lost and it is given up. Every other session continues to count.
 */
import { within } from '../cancellation'
import { PostgresConnection } from './connection'
import type { Settings } from './login'
import { rowSink } from './messages'

const EVERY_MS = 5_000
const SOON_MS = 250
export const SILENT_MS = 2_000
const TIMEOUT_MS = 5_000
const MAX_MESSAGE_BYTES = 64 * 1024

export class Overdue {
  readonly #settings: Settings
  readonly #sessions = new Set<PostgresConnection>()
  #isAsking = false
  #again: NodeJS.Timeout | undefined

  constructor(settings: Settings) {
    this.#settings = settings
  }

  /** Watches a session until it is no longer overdue. */
  add(session: PostgresConnection): void {
    if (this.#sessions.has(session)) return
    this.#sessions.add(session)
    if (this.#isAsking) return
    clearTimeout(this.#again)
    void this.#ask()
  }

  async #ask(): Promise<void> {
    this.#isAsking = true
    // Sessions that are added in the same turn share one query.
    await Promise.resolve()
    for (const session of this.#sessions) if (!isOverdue(session)) this.#sessions.delete(session)
    if (this.#sessions.size === 0) {
      this.#isAsking = false
      return
    }
    const asked = [...this.#sessions]
    // Postgres is unreachable, full or not migrated: nothing is known, so all sessions continue to count.
    const running = await runningOf(asked, this.#settings).catch(() => undefined)
    if (running !== undefined) {
      for (const session of asked) {
        if (isOverdue(session) && !running.has(session.processId)) session.lose()
      }
    }
    this.#isAsking = false
    // Sessions that were added during the query should not wait long.
    const ms = this.#sessions.size > asked.length ? SOON_MS : EVERY_MS
    this.#again = setTimeout(() => {
      void this.#ask()
    }, ms).unref()
  }
}

function isOverdue(session: PostgresConnection): boolean {
  return (!session.isOpen && !session.isClosed) || isSilent(session)
}

/** Busy for longer than most statements take, without a byte from Postgres. */
export function isSilent(session: PostgresConnection): boolean {
  return session.isOpen && session.depth > 0 && session.silentMs > SILENT_MS
}

/** Uses a separate connection, because the pool may be exhausted. */
async function runningOf(
  sessions: readonly PostgresConnection[],
  settings: Settings,
): Promise<ReadonlySet<number>> {
  const connection = await PostgresConnection.open(settings, MAX_MESSAGE_BYTES)
  const running = new Set<number>()
  const sink = rowSink(([pid]) => running.add(Number(pid)))
  const pids = `{${sessions.map(({ processId }) => processId).join()}}`
  const step = { sql: 'select auth.running_sessions($1)', params: [pids], sink }
  try {
    await within(TIMEOUT_MS, (cancellation) => {
      cancellation.listen(() => {
        void connection.close()
      })
      return connection.run([step])
    })
    return running
  } finally {
    void connection.close()
  }
}
