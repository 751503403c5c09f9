/**
 * Runs everything that proves the project, and sums up what the test runners themselves reported.
 * It fails when any step failed, and when a step that should have run tests ran none.
 *
 * Usage: npm test, or npm test -- <step> … (format, lint, types, unit, database, proxy, compat,
 * examples, browser). npm run test:all takes generated trials at full size.
 */
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { installPackages } from './install-packages'
import { lockTests } from './test-lock'
import { browserTests, COMPAT, nodeTests, runsClean, type Totals } from './test-runners'
import { shown, UserError } from './user-error'

/** A fork may have deleted the benchmark. */
const UNITS = ['app', 'bench', 'dev', 'lib'].filter((folder) => existsSync(folder))
/** Another folder that a fork may have deleted. */
const EXAMPLES = 'examples'
const REPORTS = join('test-results', 'reports')

/** A check passes or fails; a suite of tests counts. */
type Result = boolean | Totals
type Steps = Record<string, (quiet: Promise<unknown>) => Promise<Result>>

/** They run one after another, beside the suites. */
const CHECKS: Steps = {
  format: () => runsClean('prettier/bin/prettier.cjs', '--check', '.'),
  lint: async () =>
    (await typesOfRoutes()) && (await runsClean('eslint/bin/eslint.js', '--max-warnings=0', '.')),
  types: async () => (await typesOfRoutes()) && (await runsClean('typescript/bin/tsc')),
}

/** Pages are typed by their paths, in files that Next generates. */
function typesOfRoutes(): Promise<boolean> {
  return runsClean('next/dist/bin/next', 'typegen')
}

const SUITES: Steps = {
  unit: (quiet) => nodeTests(UNITS, join(REPORTS, 'unit'), quiet),
  database: (quiet) => nodeTests(['db'], join(REPORTS, 'database'), quiet),
  proxy: (quiet) => nodeTests(['proxy'], join(REPORTS, 'proxy'), quiet),
  compat: async (quiet) => {
    installPackages(COMPAT)
    return (
      (await runsClean('typescript/bin/tsc', '-p', COMPAT)) &&
      (await nodeTests([COMPAT], join(REPORTS, 'compat'), quiet))
    )
  },
  ...(existsSync(EXAMPLES) ? { examples: contracts } : {}),
  browser: async (quiet) => {
    await quiet
    return browserTests(join(REPORTS, 'browser.json'))
  },
}

/** Each example's SDK, without its framework and without a browser. */
async function contracts(quiet: Promise<unknown>): Promise<Result> {
  installPackages(EXAMPLES)
  return (
    (await runsClean('typescript/bin/tsc', '-p', EXAMPLES)) &&
    (await nodeTests([EXAMPLES], join(REPORTS, 'examples'), quiet))
  )
}

try {
  process.exitCode = (await runSteps(process.argv.slice(2))) ? 0 : 1
} catch (error) {
  console.error(shown(error))
  process.exitCode = 1
}

async function runSteps(args: string[]): Promise<boolean> {
  const asked = args.filter((arg) => arg !== '--all')
  if (asked.length < args.length) process.env.TRIALS = 'full'
  const names = Object.keys({ ...CHECKS, ...SUITES })
  const unknown = asked.find((name) => !names.includes(name))
  if (unknown !== undefined) {
    throw new UserError(`There is no test step “${unknown}”. The steps are: ${names.join(', ')}.`)
  }
  lockTests(join('test-results', 'running'))
  rmSync(REPORTS, { recursive: true, force: true })
  mkdirSync(REPORTS, { recursive: true })
  const wanted = (steps: Steps) =>
    Object.entries(steps).filter(([name]) => asked.length === 0 || asked.includes(name))
  const checks = runInTurn(wanted(CHECKS), Promise.resolve())
  const suites = runInTurn(wanted(SUITES), checks)
  return sumUp((await Promise.all([checks, suites])).flat())
}

type Outcome = { name: string; result: Result; seconds: number }

async function runInTurn(
  steps: [string, Steps[string]][],
  quiet: Promise<unknown>,
): Promise<Outcome[]> {
  const outcomes: Outcome[] = []
  for (const [name, run] of steps) {
    console.log(`\n── ${name}`)
    const started = performance.now()
    const result = await run(quiet)
    outcomes.push({ name, result, seconds: (performance.now() - started) / 1000 })
  }
  return outcomes
}

function sumUp(outcomes: Outcome[]): boolean {
  console.log('')
  const sum = { passed: 0, failed: 0, skipped: 0 }
  for (const { name, result, seconds } of outcomes) {
    console.log(`${isGood(result) ? '✔' : '✘'} ${name} (${seconds.toFixed(0)} s)`)
    if (typeof result === 'boolean') continue
    sum.passed += result.passed
    sum.failed += result.failed
    sum.skipped += result.skipped
  }
  const broken = outcomes.filter(({ result }) => !isGood(result)).map(({ name }) => name)
  console.log(broken.length > 0 ? `\n✘ Failed: ${broken.join(', ')}` : '\n✔ Everything passed')
  const line = `${sum.passed} passed, ${sum.failed} failed, ${sum.skipped} skipped`
  console.log(line)
  writeFileSync(join(REPORTS, 'summary.txt'), `${line}\n`)
  return broken.length === 0
}

/** A suite in which nothing ran proves nothing. */
function isGood(result: Result): boolean {
  if (typeof result === 'boolean') return result
  return result.exitedClean && result.failed === 0 && result.passed > 0
}
