/** The worlds that there are: never more than the machine can bear, and none longer than it is used. */
import { randomUUID } from 'node:crypto'
import { VARIANTS, type Layer, type NewWorld, type World as Shown } from './api'
import type { Databases } from './databases'
import { exerciseOf, type Exercise } from './exercises'
import { LabError } from './client'
import type { Issuer } from './issuer'
import { makeWorld, STATEMENT_TIMEOUT_MS, type World } from './world'

export const MOST_WORLDS = 24
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

/** No such world, or none any more: 404. */
export class NoWorld extends LabError {}

export class Worlds {
  readonly #databases: Databases
  readonly #issuer: Issuer
  readonly #kept = new Map<string, Kept>()
  readonly #looking: NodeJS.Timeout
  #coming = 0

  constructor(databases: Databases, issuer: Issuer) {
    this.#databases = databases
    this.#issuer = issuer
    this.#looking = setInterval(() => void this.#dropIdle(Date.now() - IDLE_MS), LOOK_MS).unref()
  }

  async make({ variant, missing = [] }: NewWorld): Promise<Shown> {
    await this.#makeRoom()
    this.#coming++
    try {
      const exercise = exerciseOf(variant)
      const layers = [...new Set([...layersOf(variant), ...missing])]
      const world = await makeWorld(this.#databases, this.#issuer, layers)
      const id = randomUUID()
      const shown: Shown = {
        ...{ world: id, variant, missing: layers },
        ...{ idleMs: IDLE_MS, statementTimeoutMs: STATEMENT_TIMEOUT_MS },
      }
      this.#kept.set(id, { world, shown, exercise, lastUsed: Date.now() })
      await exercise?.setUp(world)
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
    const fresh = await makeWorld(this.#databases, this.#issuer, world.missing)
    await exercise?.setUp(fresh)
    this.#kept.set(id, { world: fresh, shown, exercise, lastUsed: Date.now() })
    await world.close()
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

  /** @throws LabError when every world is in use */
  async #makeRoom(): Promise<void> {
    if (this.#kept.size + this.#coming < MOST_WORLDS) return
    const [oldest] = [...this.#kept].sort(([, a], [, b]) => a.lastUsed - b.lastUsed)
    if (oldest === undefined || oldest[1].lastUsed > Date.now() - IN_USE_MS) {
      throw new LabError(`All ${MOST_WORLDS} worlds of the lab are in use: try again in a minute.`)
    }
    await this.drop(oldest[0])
  }

  async #dropIdle(before: number): Promise<void> {
    for (const [id, { lastUsed }] of this.#kept) if (lastUsed < before) await this.drop(id)
  }
}

function layersOf(variant: NewWorld['variant']): readonly Layer[] {
  return Object.hasOwn(VARIANTS, variant) ? VARIANTS[variant as keyof typeof VARIANTS] : []
}
