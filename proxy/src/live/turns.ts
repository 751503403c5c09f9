/** Lets users take turns: one job of each user at a time, and at most so many of all users. */

type Job = () => Promise<void>

export class Turns {
  readonly #places: number
  #taken = 0
  /** Users whose turn may come, in order. */
  readonly #ready = new Map<string, Job[]>()
  /** Users who have their turn, with their further jobs. */
  readonly #busy = new Map<string, Job[]>()

  constructor(places: number) {
    this.#places = places
  }

  /** @param job must not reject */
  add(user: string, job: Job): void {
    const jobs = this.#busy.get(user) ?? this.#ready.get(user)
    if (jobs === undefined) this.#ready.set(user, [job])
    else jobs.push(job)
    this.#serve()
  }

  #serve(): void {
    for (const [user, jobs] of this.#ready) {
      if (this.#taken >= this.#places) return
      this.#ready.delete(user)
      const job = jobs.shift()
      if (job === undefined) continue
      this.#busy.set(user, jobs)
      this.#taken++
      void job().finally(() => {
        this.#taken--
        const rest = this.#busy.get(user) ?? []
        this.#busy.delete(user)
        if (rest.length > 0) this.#ready.set(user, rest)
        this.#serve()
      })
    }
  }
}
