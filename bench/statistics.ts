/** Medians, spreads, ratios and slopes of measured values; nothing here reads a clock. */

export type Spread = { readonly median: number; readonly min: number; readonly max: number }

export type Percentiles = { readonly p50: number; readonly p99: number }

export type Point = { readonly x: number; readonly y: number }

export function median(values: readonly number[]): number {
  return quantile(values, 0.5)
}

export function spread(values: readonly number[]): Spread {
  return { median: median(values), min: Math.min(...values), max: Math.max(...values) }
}

/** The value below which the given share of the others lies. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
}

/** Round by round, because a disturbance in a round affects both sides of its ratio. */
export function ratios(over: readonly number[], under: readonly number[]): Spread {
  const rounds = Math.min(over.length, under.length)
  return spread(
    Array.from({ length: rounds }, (_, i) => (over[i] ?? Number.NaN) / (under[i] ?? Number.NaN)),
  )
}

/** The median over blocks of samples, because a single hiccup of the machine can decide a p99. */
export function percentiles(samples: readonly number[]): Percentiles {
  return medians(blocksOf(samples))
}

/** By how much `more` took longer than `less`, both measured in turns. */
export function added(less: readonly number[], more: readonly number[]): Percentiles {
  const base = blocksOf(less)
  return medians(
    blocksOf(more).map((block, i) => ({
      p50: block.p50 - (base[i]?.p50 ?? Number.NaN),
      p99: block.p99 - (base[i]?.p99 ?? Number.NaN),
    })),
  )
}

/** How much y grows with each x, by least squares. */
export function slope(points: readonly Point[]): number {
  const meanX = mean(points.map(({ x }) => x))
  const meanY = mean(points.map(({ y }) => y))
  const covariance = mean(points.map(({ x, y }) => (x - meanX) * (y - meanY)))
  return covariance / mean(points.map(({ x }) => (x - meanX) ** 2))
}

const BLOCKS = 7

function blocksOf(samples: readonly number[]): Percentiles[] {
  const size = Math.ceil(samples.length / BLOCKS)
  return Array.from({ length: BLOCKS }, (_, i) => samples.slice(i * size, (i + 1) * size))
    .filter((block) => block.length > 0)
    .map((block) => ({ p50: quantile(block, 0.5), p99: quantile(block, 0.99) }))
}

function medians(blocks: readonly Percentiles[]): Percentiles {
  return { p50: median(blocks.map(({ p50 }) => p50)), p99: median(blocks.map(({ p99 }) => p99)) }
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
