/**
 * Runs everything that proves the project, and sums up what the test runners themselves reported.
 * It fails when any step failed, and when a step that should have run tests ran none.
 *
 * Usage: npm test, or npm test -- <step> … (format, lint, types, unit, database, proxy, compat,
 * browser)
 */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { COMPAT, installCompat } from './compat'
import { browserTests, nodeTests, runsClean, type Totals } from './test-runners'
import { UserError } from './user-error'

const REPORTS = join('test-results', 'reports')

/** A check passes or fails; a suite of tests counts. */
const STEPS: Record<string, () => boolean | Totals> = {
  format: () => runsClean('prettier/bin/prettier.cjs', '--check', '.'),
  lint: () => runsClean('eslint/bin/eslint.js', '--max-warnings=0', '.'),
  types: () => runsClean('next/dist/bin/next', 'typegen') && runsClean('typescript/bin/tsc'),
  unit: () => nodeTests(['app', 'bench', 'dev', 'lib'], join(REPORTS, 'unit.tap')),
  database: () => nodeTests(['db'], join(REPORTS, 'database.tap')),
  proxy: () => nodeTests(['proxy'], join(REPORTS, 'proxy.tap')),
  compat: () => {
    installCompat()
    return (
      runsClean('typescript/bin/tsc', '-p', COMPAT) &&
      nodeTests([COMPAT], join(REPORTS, 'compat.tap'))
    )
  },
  browser: () => browserTests(join(REPORTS, 'browser.json')),
}

try {
  process.exitCode = runSteps(process.argv.slice(2)) ? 0 : 1
} catch (error) {
  console.error(error instanceof UserError ? error.message : error)
  process.exitCode = 1
}

function runSteps(asked: string[]): boolean {
  const names = Object.keys(STEPS)
  const unknown = asked.find((name) => !names.includes(name))
  if (unknown !== undefined) {
    throw new UserError(`There is no test step “${unknown}”. The steps are: ${names.join(', ')}.`)
  }
  rmSync(REPORTS, { recursive: true, force: true })
  mkdirSync(REPORTS, { recursive: true })
  const sum = { passed: 0, failed: 0, skipped: 0 }
  const broken: string[] = []
  for (const [name, run] of Object.entries(STEPS)) {
    if (asked.length > 0 && !asked.includes(name)) continue
    console.log(`\n── ${name}`)
    const result = run()
    if (!isGood(result)) broken.push(name)
    if (typeof result === 'boolean') continue
    sum.passed += result.passed
    sum.failed += result.failed
    sum.skipped += result.skipped
  }
  console.log(broken.length > 0 ? `\n✘ Failed: ${broken.join(', ')}` : '\n✔ Everything passed')
  const line = `${sum.passed} passed, ${sum.failed} failed, ${sum.skipped} skipped`
  console.log(line)
  writeFileSync(join(REPORTS, 'summary.txt'), `${line}\n`)
  return broken.length === 0
}

/** A suite in which nothing ran proves nothing. */
function isGood(result: boolean | Totals): boolean {
  if (typeof result === 'boolean') return result
  return result.exitedClean && result.failed === 0 && result.passed > 0
}
