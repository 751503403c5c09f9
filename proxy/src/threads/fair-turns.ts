/**
 * Gives users turns so that none waits for more than one job of each other user: start-time fair
 * queuing over the CPU time that their jobs took.
 *
 * A user who has been away starts level with those who are served, never ahead of them.
 */
type User<T> = {
  readonly jobs: T[]
  inWork: number
  /** CPU milliseconds on a clock that all users share; the user who is furthest behind is next. */
  at: number
}

export class FairTurns<T> {
  readonly #users = new Map<string, User<T>>()
  readonly #maxInWork: number
  #now = 0

  /** @param maxInWork how many jobs of one user may be in work at once */
  constructor(maxInWork: number) {
    this.#maxInWork = maxInWork
  }

  add(name: string, job: T): void {
    let user = this.#users.get(name)
    if (user === undefined) this.#users.set(name, (user = { jobs: [], inWork: 0, at: this.#now }))
    user.jobs.push(job)
  }

  /** @returns false when the job does not wait any more */
  remove(name: string, job: T): boolean {
    const user = this.#users.get(name)
    const at = user?.jobs.indexOf(job) ?? -1
    if (user === undefined || at < 0) return false
    user.jobs.splice(at, 1)
    this.#forget(name, user)
    return true
  }

  /** The job whose turn it is; `end` is to be called for its user when it is done. */
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
    // Nobody waits, so nobody owes anybody a turn.
    this.#users.clear()
  }

  /** Of somebody who has nothing to do, only what puts them behind the others need be known. */
  #forget(name: string, user: User<T>): void {
    if (user.jobs.length > 0 || user.inWork > 0) return
    if (user.at <= this.#now) this.#users.delete(name)
  }
}
