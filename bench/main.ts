/**
 * `npm run bench`: how close the proxy comes to Postgres itself, and what everything else costs.
 *
 * Usage: npm run bench -- [names of measurements] [--quick] [--minutes 10] [--floods heavy,big-json]
 * Everything at full pace is written to bench/results.md and bench/results.svg; anything less is only
 * printed. A measurement that fails is named there, and the others stand.
 */
import { stopSignal } from '../dev/stop-signal'
import { shown, UserError } from '../dev/user-error'
import type { Bench } from './bench'
import { describeMachine } from './machine'
import { measurements } from './measures/all'
import { readOptions, type Options } from './options'
import { choosePace } from './pace'
import { sectionMarkdown } from './report/markdown'
import { writeResults } from './report/results'
import type { Section } from './report/section'
import { setScene, type Scene } from './scene/scene'

// Always a Postgres of its own on this machine, because it is bound to processors and filled with millions of rows.
delete process.env.TEST_DATABASE_URL

const stop = new AbortController()
const signal = AbortSignal.any([stopSignal(), stop.signal])
const stops: (() => Promise<void>)[] = []

try {
  const options = readOptions(process.argv.slice(2), Object.keys(measurements))
  await Promise.race([measureAll(options), aborted(signal)])
} catch (error) {
  process.exitCode = 1
  if (!signal.aborted) console.error(shown(error))
} finally {
  // Ends every process that is left.
  stop.abort()
  for (const end of stops.reverse()) await end()
}
process.exit()

async function measureAll(options: Options): Promise<void> {
  const bench = createBench(options)
  const sections: Section[] = []
  const broken: string[] = []
  for (const name of options.names) {
    const section = await measure(name, bench)
    if (section === null) broken.push(name)
    else sections.push(section)
    signal.throwIfAborted()
  }
  if (options.isAll && !options.isQuick && sections.length > 0) {
    const machine = await describeMachine((await bench.scene()).owner)
    await writeResults({ machine, sections, broken })
    console.log('\n✔ Wrote bench/results.md and bench/results.svg')
  }
  if (broken.length > 0) throw new UserError(`These could not be measured: ${broken.join(', ')}.`)
}

/** @returns null when it failed; the others go on */
async function measure(name: string, bench: Bench): Promise<Section | null> {
  try {
    const section = await measurements[name]?.(bench)
    if (section === undefined) return null
    console.log(`\n${sectionMarkdown(section)}\n`)
    return section
  } catch (error) {
    signal.throwIfAborted()
    console.error(`✘ ${name}:`, shown(error))
    return null
  }
}

function createBench({ isQuick, minutes, floods }: Options): Bench {
  let scene: Promise<Scene> | undefined
  const set = async () => {
    const made = await setScene()
    atEnd(made.stop)
    return made
  }
  return {
    scene: () => (scene ??= set()),
    pace: choosePace(isQuick, minutes),
    floods,
    signal,
    atEnd,
    say: (line) => {
      console.log(`  ${line} …`)
    },
  }
}

function atEnd(end: () => Promise<void>): () => Promise<void> {
  let ended: Promise<void> | undefined
  const once = () => (ended ??= end())
  stops.push(once)
  return once
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => {
      reject(new UserError('Stopped.'))
    })
  })
}
