import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { NAMES } from '../proxy/check/run'

test('each check has a section in docs/checks.md that says what, why and how to mend it', () => {
  const [, ...sections] = readFileSync('docs/checks.md', 'utf8').split(/^### /m)
  const names = sections.map((section) => section.split('\n', 1)[0] ?? '')
  // The application's own check, db/check.ts.
  assert.deepEqual(names.toSorted(), [...NAMES, 'schema-drift'].toSorted())
  for (const section of sections) {
    assert.match(
      section,
      /^- \*\*What\*\*: .+\n(?: .+\n)*- \*\*Why\*\*: .+\n(?: .+\n)*- \*\*Fix\*\*: ./m,
      section,
    )
  }
})
