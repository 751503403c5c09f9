/**
 * Makes the limit on a user's sessions hold for all workers together: each tells its own counts, and the primary
 * process tells the others. Counts are told whole, so that no message can leave a wrong one behind.
 */
import type { InFlight } from '../../limits/in-flight'

export type SessionCounts = readonly (readonly [user: string, count: number])[]

/**
 * For a worker.
 * @param tell called at the end of the turn of the event loop in which counts have changed
 * @returns a function that takes what the others have
 */
export function shareSessions(
  sessions: InFlight,
  tell: (counts: SessionCounts) => void,
): (counts: SessionCounts) => void {
  const changed = new Map<string, number>()
  sessions.onChange = (user, count) => {
    if (changed.size === 0) {
      setImmediate(() => {
        const counts = [...changed]
        changed.clear()
        tell(counts)
      })
    }
    changed.set(user, count)
  }
  return (counts) => {
    for (const [user, count] of counts) sessions.setElsewhere(user, count)
  }
}

/** For the primary process. */
export class SessionTotals<Worker extends object> {
  readonly #counts = new Map<Worker, Map<string, number>>()

  /** @returns the users concerned */
  set(worker: Worker, counts: SessionCounts): readonly string[] {
    const own = this.#counts.get(worker) ?? new Map<string, number>()
    this.#counts.set(worker, own)
    for (const [user, count] of counts) {
      if (count === 0) own.delete(user)
      else own.set(user, count)
    }
    return counts.map(([user]) => user)
  }

  /** A worker has ended, and its sessions with it. @returns the users concerned */
  end(worker: Worker): readonly string[] {
    const users = [...(this.#counts.get(worker)?.keys() ?? [])]
    this.#counts.delete(worker)
    return users
  }

  /** How many sessions each user has in the other workers. */
  elsewhere(worker: Worker, users: Iterable<string> = this.#users()): SessionCounts {
    const others = [...this.#counts].filter(([other]) => other !== worker)
    return Array.from(users, (user) => [
      user,
      others.reduce((sum, [, counts]) => sum + (counts.get(user) ?? 0), 0),
    ])
  }

  #users(): Set<string> {
    return new Set([...this.#counts.values()].flatMap((counts) => [...counts.keys()]))
  }
}
