/**
 * Start-time fair queuing by CPU time: no user waits for more than one job of each other user.
 *
 * A user who returns starts level with the users being served, never ahead of them.
 */
type User<T> = {
  readonly jobs: T[]
  inWork: number
  /** Virtual time in CPU milliseconds; the user with the lowest one is next. */
  at: number
}

export class FairTurns<T> {
  readonly #users = new Map<string, User<T>>()
  readonly #maxInWork: number
  #now = 0

  /** @param maxInWork the most jobs of one user at a time */
  constructor(maxInWork: number) {
    this.#maxInWork = maxInWork
  }

  add(name: string, job: T): void {
    let user = this.#users.get(name)
    if (user === undefined) this.#users.set(name, (user = { jobs: [], inWork: 0, at: this.#now }))
    user.jobs.push(job)
  }

  /** @returns false if the job is no longer waiting */
  remove(name: string, job: T): boolean {
    const user = this.#users.get(name)
    const at = user?.jobs.indexOf(job) ?? -1
    if (user === undefined || at < 0) return false
    user.jobs.splice(at, 1)
    this.#forget(name, user)
    return true
  }

  /** The next job. `end` must be called for its user when it is done. */
  next(): T | undefined {
    let first: User<T> | undefined
    for (const [name, user] of this.#users) {
      this.#forget(name, user)
      if (user.jobs.length === 0 || user.inWork >= this.#maxInWork) continue
      if (first === undefined || user.at < first.at) first = user
    }
    if (first === undefined) return undefined
    this.#now = Math.max(this.#now, first.at)
    first.inWork++
    return first.jobs.shift()
  }

  /** @param ms CPU time that the job took */
  end(name: string, ms: number): void {
    const user = this.#users.get(name)
    if (user === undefined) return
    user.inWork--
    user.at += ms
    for (const other of this.#users.values()) {
      if (other.jobs.length > 0 || other.inWork > 0) return
    }
    // With no job left, past usage does not matter.
    this.#users.clear()
  }

  /** Forgets an idle user, unless they are still ahead in usage. */
  #forget(name: string, user: User<T>): void {
    if (user.jobs.length > 0 || user.inWork > 0) return
    if (user.at <= this.#now) this.#users.delete(name)
  }
}
