/** Prints each step of a start, and how long it took. */

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

function clearLine(live: boolean) {
  if (live) process.stdout.write('\r\u001b[K')
}
