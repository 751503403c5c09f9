/** A rate holds for all workers together: each tells the others, ten times a second, what it let through. */
import type { Rates } from '../rate-limit'

/** Which rate, whose, and how many requests. */
export type Spent = readonly (readonly [keyof Rates, string, number])[]

export type SharingSettings = {
  /** Resolves when it may be told more. */
  readonly tell: (spent: Spent) => Promise<void>
  /** Calls once, after a while. */
  readonly later?: (work: () => void, ms: number) => void
}

/** By so much the workers may be late, and together let through more than the rate. */
const EVERY_MS = 100
/** More users or addresses than this in one report count only where they asked. */
const MAX_KEYS = 10_000

/** @returns takes what the others tell */
export function shareRates(rates: Rates, settings: SharingSettings): (spent: Spent) => void {
  const { tell, later = afterwards } = settings
  const spent = { user: new Map<string, number>(), address: new Map<string, number>() }
  let isDue = false

  const report = async () => {
    const lines = names.flatMap((name) =>
      [...spent[name]].map(([key, count]) => [name, key, count] as const),
    )
    for (const name of names) spent[name].clear()
    await tell(lines)
    isDue = false
    if (names.some((name) => spent[name].size > 0)) reportLater()
  }
  const reportLater = () => {
    if (isDue) return
    isDue = true
    later(() => void report(), EVERY_MS)
  }
  for (const name of names) {
    const counts = spent[name]
    rates[name].onTake = (key) => {
      const count = counts.get(key) ?? 0
      if (count > 0 || counts.size < MAX_KEYS) counts.set(key, count + 1)
      reportLater()
    }
  }
  return (lines) => {
    for (const [name, key, count] of lines) rates[name].spend(key, count)
  }
}

const names = ['user', 'address'] as const satisfies readonly (keyof Rates)[]

function afterwards(work: () => void, ms: number): void {
  setTimeout(work, ms).unref()
}
