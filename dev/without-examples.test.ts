import { after, before, test } from 'node:test'
import { copyProject, type ProjectCopy } from './testing/project-copy'

// Only with `npm run test:all`: it takes minutes. That nothing imports an example is a rule of lint
// (borders.test.ts).
if (process.env.TRIALS === 'full') {
  let copy: ProjectCopy
  before(() => {
    copy = copyProject('without-examples', ['examples'])
  })
  after(() => {
    copy.remove()
  })

  for (const step of ['format', 'lint', 'types', 'unit']) {
    test(`without examples/, the step ${step} passes`, () =>
      copy.run(`node --import tsx dev/test.ts ${step}`, { TRIALS: undefined }))
  }
}
