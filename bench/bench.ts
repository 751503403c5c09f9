/** What every measurement gets and returns. */
import type { Pace } from './pace'
import type { Section } from './report/section'
import type { Scene } from './scene/scene'

export type Bench = {
  /** Created on first use, and shared. */
  readonly scene: () => Promise<Scene>
  readonly pace: Pace
  /** The kinds of flood to measure; none stands for all. */
  readonly floods: readonly string[]
  /** Ends every process that a measurement has started. */
  readonly signal: AbortSignal
  /**
   * Runs at the end, the last one first, however the benchmark ends.
   * @returns what runs it at once, and then not again
   */
  readonly atEnd: (stop: () => Promise<void>) => () => Promise<void>
  /** Prints the current activity. */
  readonly say: (line: string) => void
}

export type Measurement = (bench: Bench) => Promise<Section>
