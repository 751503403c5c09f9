/** Makes limits hold across workers: each reports its counts to the others, ten times a second. */
import type { CpuBudget } from '../../limits/cpu-budget'
import type { RateLimit } from '../../limits/rate-limit'

export type SharedLimits = {
  readonly user: RateLimit
  readonly address: RateLimit
  readonly cpu: CpuBudget
}

/** Limit, user or address, and number of requests or milliseconds. */
export type Spent = readonly (readonly [keyof SharedLimits, string, number])[]

export type SharingSettings = {
  /** Resolves when it is ready for the next report. */
  readonly tell: (spent: Spent) => Promise<void>
  /** Like setTimeout. */
  readonly later?: (work: () => void, ms: number) => void
}

/** The delay of reports, during which the workers together may exceed the rate. */
const EVERY_MS = 100
/** The most users or addresses per report; others count only in their own worker. */
const MAX_KEYS = 10_000

/** @returns a function that applies the other workers' reports */
export function shareRates(
  limits: SharedLimits,
  settings: SharingSettings,
): (spent: Spent) => void {
  const { tell, later = afterwards } = settings
  const spent = {
    user: new Map<string, number>(),
    address: new Map<string, number>(),
    cpu: new Map<string, number>(),
  }
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
    limits[name].onTake = (key, amount) => {
      const count = counts.get(key)
      if (count !== undefined || counts.size < MAX_KEYS) counts.set(key, (count ?? 0) + amount)
      reportLater()
    }
  }
  return (lines) => {
    for (const [name, key, amount] of lines) limits[name].spendElsewhere(key, amount)
  }
}

const names = ['user', 'address', 'cpu'] as const satisfies readonly (keyof SharedLimits)[]

function afterwards(work: () => void, ms: number): void {
  setTimeout(work, ms).unref()
}
