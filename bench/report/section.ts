/** The result of a measurement: tables, bars for the chart, and the comparison with the goals. */

export type Table = {
  readonly head: readonly string[]
  readonly rows: readonly (readonly string[])[]
}

export type Bar = {
  readonly label: string
  readonly value: number
  /** Drawn in the accent colour. */
  readonly isOurs?: boolean
}

export type Chart = {
  readonly title: string
  readonly unit: string
  readonly bars: readonly Bar[]
}

export type Goal = {
  readonly what: string
  readonly wanted: string
  readonly found: string
  readonly isReached: boolean
}

export type Section = {
  readonly title: string
  /** Paragraphs before the tables: how it was measured. */
  readonly method: readonly string[]
  readonly tables: readonly Table[]
  /** Paragraphs after them: remarks, and what could not be measured. */
  readonly notes?: readonly string[]
  readonly charts?: readonly Chart[]
  readonly goals?: readonly Goal[]
}
