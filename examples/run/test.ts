/**
 * Plays the shared story in a real browser for one example or, without a name, for each, and sums up.
 *
 * Usage: npm run example:test [name]
 */
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { ensureBrowser } from '../../dev/browser'
import type { Stop } from '../../dev/stack-options'
import { stopSignal } from '../../dev/stop-signal'
import { shown } from '../../dev/user-error'
import { freePort } from '../../proxy/test/postgres/test-server'
import { runNode } from '../../proxy/test/testing/test-files'
import { EXAMPLES, exampleNames, findExample, type Found } from './find-examples'
import { startExample } from './start-example'

/** Long enough for each SDK, and short enough to wait for. */
const TOKEN_SECONDS = 30

const signal = stopSignal()
const asked = process.argv.slice(2)
const outcomes: string[] = []
try {
  for (const name of asked.length > 0 ? asked : exampleNames()) {
    console.log(`\n── ${name}`)
    const started = performance.now()
    const passed = await play(name)
    outcomes.push(
      `${passed ? '✔' : '✘'} ${name} (${((performance.now() - started) / 1000).toFixed(0)} s)`,
    )
    if (!passed) process.exitCode = 1
    signal.throwIfAborted()
  }
} catch (error) {
  console.error(shown(error))
  process.exitCode = 1
}
console.log(`\n${outcomes.join('\n')}`)
process.exit()

function storyOf({ folder, example: { story } }: Found): string {
  return story === undefined ? join(EXAMPLES, 'testing', 'todos.story.ts') : join(folder, story)
}

async function play(name: string): Promise<boolean> {
  const found = await findExample(name)
  const dataDir = join('.data', 'examples-test', name)
  rmSync(dataDir, { recursive: true, force: true })
  const ports = {
    ...{ app: await freePort(), standIn: await freePort() },
    ...{ proxy: await freePort(), postgres: await freePort() },
  }
  const stops: Stop[] = []
  try {
    const { origin } = await startExample(
      { found, ports, dataDir, tokenSeconds: TOKEN_SECONDS, signal },
      stops,
    )
    const playwright = join('node_modules', '@playwright', 'test', 'cli.js')
    return await runNode([playwright, 'test', '--config', join('examples', 'testing')], {
      CHROMIUM_PATH: ensureBrowser(),
      EXAMPLE_STORY: storyOf(found),
      EXAMPLE_TITLE: found.example.title,
      EXAMPLE_ORIGIN: origin,
      EXAMPLE_SIGN_UP: found.example.hasSignUp ? 'yes' : '',
      EXAMPLE_TOKEN_SECONDS: String(TOKEN_SECONDS),
    })
  } catch (error) {
    console.error(shown(error))
    return false
  } finally {
    for (const stop of stops.reverse()) await stop()
  }
}
