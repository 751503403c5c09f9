import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { buildIsCurrent, recordBuild } from './build'

test('a build is current until a source or a build-time variable changes', () => {
  const distDir = mkdtempSync(join(tmpdir(), 'build-'))
  const variables = { NEXT_PUBLIC_SQL_URL: 'http://localhost:4444/sql', DATABASE_URL: 'a' }
  assert.equal(buildIsCurrent(distDir, variables), false)
  recordBuild(distDir, variables)
  assert.equal(buildIsCurrent(distDir, variables), true)
  assert.equal(buildIsCurrent(distDir, { ...variables, DATABASE_URL: 'b' }), true)
  assert.equal(buildIsCurrent(distDir, { ...variables, NEXT_PUBLIC_SQL_URL: 'b' }), false)
  rmSync(distDir, { recursive: true })
})
