/**
 * `npm test -w proxy`: runs the proxy's tests, with nothing but this folder and its packages.
 *
 *   npm test -w proxy                      all of them
 *   npm test -w proxy -- test/roles.test.ts src/gate
 *                                          these files, and those below these folders
 *   TRIALS=full npm test -w proxy          generated trials at full size
 *
 * The clients in test/compat have packages of their own and are left out.
 */
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { installFixture } from './testing/fixture'
import { runTestFiles, testFilesIn } from './testing/test-files'

const COMPAT = join('test', 'compat') + sep
process.chdir(fileURLToPath(new URL('..', import.meta.url)))

const asked = process.argv.slice(2)
const files = (asked.length > 0 ? asked : ['.'])
  .flatMap((path) => (statSync(path).isDirectory() ? testFilesIn(path) : [path]))
  .filter((file) => !file.startsWith(COMPAT))
const reports = mkdtempSync(join(tmpdir(), 'sql-proxy-tests-'))
try {
  const { passed, failed, skipped, exitedClean } = await runTestFiles({
    files,
    reports: join(reports, 'proxy'),
    migrate: installFixture,
  })
  process.stdout.write(`\n${passed} passed, ${failed} failed, ${skipped} skipped\n`)
  // A run in which nothing was tested proves nothing.
  process.exitCode = exitedClean && failed === 0 && passed > 0 ? 0 : 1
} finally {
  rmSync(reports, { recursive: true })
}
