/** Timings as medians and percentiles; what is compared is measured by turns, so that noise hits all alike. */

export type Percentiles = { readonly p50: number; readonly p99: number }

/** One run of what is measured. */
export type Run = () => Promise<unknown>

/**
 * @param rounds in each of which every run has its turn
 * @param budgetMs after which no further round starts
 * @returns milliseconds, for each of the runs in their order
 */
export async function measure(
  runs: readonly Run[],
  rounds: number,
  budgetMs: number,
): Promise<readonly (readonly number[])[]> {
  const samples = runs.map((): number[] => [])
  const warmUp = Math.ceil(rounds / 10)
  const deadline = performance.now() + budgetMs
  for (let round = -warmUp; round < rounds && performance.now() < deadline; round++) {
    for (const [i, run] of runs.entries()) {
      const started = performance.now()
      await run()
      if (round >= 0) samples[i]?.push(performance.now() - started)
    }
  }
  return samples
}

export function percentiles(samples: readonly number[]): Percentiles {
  const sorted = [...samples].sort((a, b) => a - b)
  const at = (share: number) =>
    sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]
  return { p50: at(0.5) ?? Number.NaN, p99: at(0.99) ?? Number.NaN }
}

export function added(less: Percentiles, more: Percentiles): Percentiles {
  return { p50: more.p50 - less.p50, p99: more.p99 - less.p99 }
}
