/** Figures as people read them. */
import type { Percentiles, Spread } from '../statistics'

export function whole(value: number): string {
  return Math.round(value).toLocaleString('en-US')
}

/** Three significant digits, without an exponent. */
export function digits(value: number): string {
  if (!Number.isFinite(value)) return '–'
  return Math.abs(value) >= 100 ? whole(value) : String(Number(value.toPrecision(3)))
}

export function milliseconds(value: number | null): string {
  return value === null ? '–' : `${digits(value)} ms`
}

export function megabytes(value: number): string {
  return `${digits(value)} MB`
}

/** The median, then from the least to the most. */
export function range(spread: Spread, format: (value: number) => string = digits): string {
  return `**${format(spread.median)}** (${format(spread.min)}–${format(spread.max)})`
}

export function percentileCells({ p50, p99 }: Percentiles): [string, string] {
  return [milliseconds(p50), milliseconds(p99)]
}
