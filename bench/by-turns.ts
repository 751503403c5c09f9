/** Times the runs to compare in turns, so that the machine's noise affects all alike. */

/** One run of what is measured. */
export type Run = () => Promise<unknown>

/**
 * @param rounds in each of which every run has a turn; a tenth more come first and do not count
 * @param budgetMs after which no further round starts
 * @returns milliseconds, for each of the runs in their order
 */
export async function byTurns(
  runs: readonly Run[],
  rounds: number,
  budgetMs = Number.POSITIVE_INFINITY,
): Promise<readonly (readonly number[])[]> {
  const samples = runs.map((): number[] => [])
  const warmUp = Math.ceil(rounds / 10)
  const deadline = performance.now() + budgetMs
  for (let round = -warmUp; round < rounds && performance.now() < deadline; round++) {
    for (const [i, run] of runs.entries()) {
      const ms = await timed(run)
      if (round >= 0) samples[i]?.push(ms)
    }
  }
  return samples
}

/** @returns milliseconds */
export async function timed(run: Run): Promise<number> {
  const started = performance.now()
  await run()
  return performance.now() - started
}
