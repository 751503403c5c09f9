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

/** The median over blocks of the samples, for one hiccup of the machine decides a p99 alone. */
export function percentiles(samples: readonly number[]): Percentiles {
  return medians(blocksOf(samples))
}

/** What `more` took longer than `less`, both measured by turns. */
export function added(less: readonly number[], more: readonly number[]): Percentiles {
  const base = blocksOf(less)
  return medians(
    blocksOf(more).map((block, i) => ({
      p50: block.p50 - (base[i]?.p50 ?? Number.NaN),
      p99: block.p99 - (base[i]?.p99 ?? Number.NaN),
    })),
  )
}

export function median(values: readonly number[]): number {
  return atShare([...values].sort(ascending), 0.5)
}

const BLOCKS = 7

function blocksOf(samples: readonly number[]): Percentiles[] {
  const size = Math.ceil(samples.length / BLOCKS)
  return Array.from({ length: BLOCKS }, (_, i) => {
    const sorted = samples.slice(i * size, (i + 1) * size).sort(ascending)
    return { p50: atShare(sorted, 0.5), p99: atShare(sorted, 0.99) }
  })
}

function medians(blocks: readonly Percentiles[]): Percentiles {
  return { p50: median(blocks.map(({ p50 }) => p50)), p99: median(blocks.map(({ p99 }) => p99)) }
}

function atShare(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
}

function ascending(a: number, b: number): number {
  return a - b
}
