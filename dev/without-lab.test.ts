import { readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { NEXT } from './build'
import { readOrCreateEnvFile, resolveEnv } from './env'
import { copyProject, type ProjectCopy } from './testing/project-copy'

const LAB = ['app/lab', 'docs/workshop.md', 'docs/self-study.md']

// Only with `npm run test:all`: it takes minutes. That nothing imports the lab is a rule of lint
// (borders.test.ts).
if (process.env.TRIALS === 'full') {
  let copy: ProjectCopy
  before(() => {
    copy = copyProject('without-lab')
    const specs = readdirSync('e2e').filter((name) => name.startsWith('lab-'))
    for (const path of [...LAB, ...specs.map((name) => join('e2e', name))]) {
      rmSync(join(copy.folder, path), { recursive: true, force: true })
    }
  })
  after(() => {
    copy.remove()
  })

  for (const step of ['format', 'lint', 'types']) {
    test(`without the lab, the step ${step} passes`, () =>
      copy.run(`node --import tsx dev/test.ts ${step}`, { TRIALS: undefined }))
  }
  test('without the lab, the app builds', () => {
    const file = readOrCreateEnvFile(join(copy.folder, '.env.local'))
    return copy.run(`node ${NEXT} build`, {
      ...resolveEnv(file.variables, {}).variables,
      ...{ NODE_ENV: 'production', NEXT_DIST_DIR: '.next', NEXT_TELEMETRY_DISABLED: '1' },
    })
  })
  test('without the lab, the tests of borders and variables pass', () =>
    copy.run('node --import tsx --test dev/borders.test.ts dev/env.test.ts'))
}
