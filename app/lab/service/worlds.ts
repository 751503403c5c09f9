/** The worlds that there are: never more than the machine can bear, and none longer than it is used. */
import { randomUUID } from 'node:crypto'
import { VARIANTS, type Layer, type NewWorld, type World as Shown } from './api'
import { exerciseOf, type Exercise } from './exercises'
import { LabError } from './client'
import { STATEMENT_TIMEOUT_MS, type World } from './world'

const MOST_WORLDS = 24
const IDLE_MS = 10 * 60_000
/** A world that was used within this time is not dropped to make room. */
const IN_USE_MS = 60_000
const LOOK_MS = 5_000

export type Entry = {
  readonly world: World
  readonly shown: Shown
  readonly exercise: Exercise | undefined
}

type Kept = Entry & { lastUsed: number }

/** Names of databases. */
type TooLarge = () => Promise<ReadonlySet<string>>

type MakeOne = (missing: readonly Layer[]) => Promise<World>

/** No such world, or none any more: 404. */
export class NoWorld extends LabError {}

export class Worlds {
  readonly #makeOne: MakeOne
  readonly #tooLarge: TooLarge
  readonly #most: number
  readonly #kept = new Map<string, Kept>()
  readonly #looking: NodeJS.Timeout
  #coming = 0

  constructor(makeOne: MakeOne, tooLarge: TooLarge, most = MOST_WORLDS) {
    this.#makeOne = makeOne
    this.#tooLarge = tooLarge
    this.#most = most
    this.#looking = setInterval(() => {
      // What cannot be dropped now is dropped the next time.
      this.#dropSome(Date.now() - IDLE_MS).catch(() => undefined)
    }, LOOK_MS).unref()
  }

  async make({ variant, missing = [] }: NewWorld): Promise<Shown> {
    // Before anything is waited for, so that those who ask at once are counted.
    this.#coming++
    try {
      await this.#makeRoom()
      const exercise = exerciseOf(variant)
      const layers = [...new Set([...layersOf(variant), ...missing])]
      const world = await this.#makeReady(layers, exercise)
      const id = randomUUID()
      const shown: Shown = {
        ...{ world: id, variant, missing: layers },
        ...{ idleMs: IDLE_MS, statementTimeoutMs: STATEMENT_TIMEOUT_MS },
      }
      this.#kept.set(id, { world, shown, exercise, lastUsed: Date.now() })
      return shown
    } finally {
      this.#coming--
    }
  }

  /** @throws NoWorld */
  use(id: string): Entry {
    const kept = this.#kept.get(id)
    if (kept === undefined) {
      throw new NoWorld(
        'This world is gone: worlds are dropped when nobody has used them for a while.',
      )
    }
    kept.lastUsed = Date.now()
    return kept
  }

  /** The same world with the rows that it began with, at the same address. */
  async reset(id: string): Promise<Shown> {
    const { world, shown, exercise } = this.use(id)
    const fresh = await this.#makeReady(world.missing, exercise)
    // Another may have been faster, to reset it or to drop it.
    const current = this.#kept.get(id)
    if (current === undefined) await fresh.close()
    else {
      this.#kept.set(id, { world: fresh, shown, exercise, lastUsed: Date.now() })
      await current.world.close()
    }
    return shown
  }

  async drop(id: string): Promise<void> {
    const kept = this.#kept.get(id)
    this.#kept.delete(id)
    await kept?.world.close()
  }

  async close(): Promise<void> {
    clearInterval(this.#looking)
    await Promise.all([...this.#kept.keys()].map((id) => this.drop(id)))
  }

  async #makeReady(missing: readonly Layer[], exercise: Exercise | undefined): Promise<World> {
    const world = await this.#makeOne(missing)
    try {
      await exercise?.setUp(world)
      return world
    } catch (error) {
      await world.close()
      throw error
    }
  }

  /** @throws LabError when every world is in use */
  async #makeRoom(): Promise<void> {
    if (this.#kept.size + this.#coming <= this.#most) return
    const [oldest] = [...this.#kept].sort(([, a], [, b]) => a.lastUsed - b.lastUsed)
    if (oldest === undefined || oldest[1].lastUsed > Date.now() - IN_USE_MS) {
      throw new LabError(`All ${this.#most} worlds of the lab are in use: try again in a minute.`)
    }
    await this.drop(oldest[0])
  }

  /** Drops worlds that are idle, and worlds that take too much disk space. */
  async #dropSome(before: number): Promise<void> {
    const large = this.#kept.size > 0 ? await this.#tooLarge() : new Set<string>()
    for (const [id, { lastUsed, world }] of this.#kept) {
      if (lastUsed < before || large.has(world.scratch.name)) await this.drop(id)
    }
  }
}

function layersOf(variant: NewWorld['variant']): readonly Layer[] {
  return Object.hasOwn(VARIANTS, variant) ? VARIANTS[variant as keyof typeof VARIANTS] : []
}
