/** Says on the terminal what is being done, and how long it took. */

/** Runs one step: its name while it runs is `doing`, and afterwards what the step answered. */
export async function step<T>(doing: string, run: () => Promise<T>, done: (result: T) => string) {
  const started = performance.now()
  const live = process.stdout.isTTY
  if (live) process.stdout.write(`  ${doing} …`)
  try {
    const result = await run()
    const seconds = ((performance.now() - started) / 1000).toFixed(1)
    clearLine(live)
    console.log(`✔ ${done(result)} (${seconds} s)`)
    return result
  } catch (error) {
    clearLine(live)
    console.error(`✘ ${doing}`)
    throw error
  }
}

/** A short table with aligned columns. */
export function printTable(rows: readonly (readonly [string, string])[]) {
  const width = Math.max(...rows.map(([label]) => label.length))
  console.log('')
  for (const [label, value] of rows) console.log(`  ${label.padEnd(width)}  ${value}`)
  console.log('')
}

function clearLine(live: boolean) {
  if (live) process.stdout.write('\r\u001b[K')
}
