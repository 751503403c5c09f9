/**
 * Runs an example until Ctrl-C, which leaves nothing running; without a name, lists them.
 *
 * Usage: npm run example [name]. PORT, STAND_IN_PORT, PROXY_PORT and PGPORT move its parts, EXAMPLE_DATA_DIR its data.
 */
import { join } from 'node:path'
import type { Stop } from '../../dev/stack-options'
import { aborted, stopSignal } from '../../dev/stop-signal'
import { printTable } from '../../dev/summary'
import { shown, UserError } from '../../dev/user-error'
import { DEMO_USERS } from '../stand-in/users'
import { exampleNames, findExample, realVariables } from './find-examples'
import { startExample, type Ports, type StartOptions } from './start-example'

const signal = stopSignal()
try {
  const [name] = process.argv.slice(2)
  if (name === undefined) await list()
  else {
    const dataDir = process.env.EXAMPLE_DATA_DIR ?? join('.data', 'examples', name)
    await run({ found: await findExample(name), ports: portsOf(process.env), dataDir, signal })
  }
} catch (error) {
  if (!signal.aborted) {
    console.error('')
    console.error(shown(error))
    process.exitCode = 1
  }
}
// A stand-in's idle sockets must not keep a stopped example on the screen.
process.exit()

async function list() {
  console.log('\nclerk: Clerk (@clerk/nextjs)')
  console.log('  Next; SQL from the backend and frontend')
  console.log('  the app of this repository itself: npm run up')
  for (const name of exampleNames()) {
    const { example } = await findExample(name)
    const { set, missing } = realVariables(example)
    console.log(`\n${name}: ${example.title} (${example.sdk.join(', ')})`)
    console.log(`  ${example.framework}; SQL from the ${example.sqlFrom}`)
    if (missing.length === 0) {
      console.log(`  runs against the real ${example.title}: its variables are set`)
      continue
    }
    console.log('  runs against a stand-in; for the real one, set:')
    for (const [variable, what] of Object.entries(example.variables)) {
      console.log(`    ${variable in set ? '✔' : ' '} ${variable}: ${what}`)
    }
  }
  console.log('\nStart one with: npm run example NAME')
}

async function run(options: StartOptions) {
  const stops: Stop[] = []
  try {
    const { origin, standIn, ended } = await startExample(options, stops)
    const { title } = options.found.example
    const rows: [string, string][] = [['App', origin]]
    rows.push(['SQL proxy', `http://localhost:${options.ports.proxy}/sql`])
    if (standIn === undefined) rows.push([title, 'the real one'])
    else {
      const { alice, bob } = DEMO_USERS
      rows.push([`Stand-in`, `${standIn}, for ${title}`])
      rows.push(['Users', `${alice.email}, ${bob.email} (password: ${alice.password})`])
    }
    rows.push(['Logs', join(options.dataDir, 'logs')], ['Stop', 'Ctrl-C'])
    printTable(rows)
    await Promise.race([aborted(options.signal), ended()])
  } finally {
    if (stops.length > 0) console.log('Stopping …')
    for (const stop of stops.reverse()) await stop()
  }
}

/** Beside those of the main app, so that both can run. */
function portsOf(given: NodeJS.ProcessEnv): Ports {
  const port = (name: string, otherwise: number) => {
    const number = Number(given[name] ?? otherwise)
    if (Number.isInteger(number) && number > 0 && number < 65_536) return number
    throw new UserError(`${name} is not a port: give a number from 1 to 65535.`)
  }
  return {
    app: port('PORT', 3200),
    standIn: port('STAND_IN_PORT', 3201),
    proxy: port('PROXY_PORT', 4644),
    postgres: port('PGPORT', 54529),
  }
}
