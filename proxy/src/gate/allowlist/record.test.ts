import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, beforeEach, test } from 'node:test'
import { fileURLToPath } from 'node:url'

let folder: string
let list: string
before(() => {
  folder = mkdtempSync(join(tmpdir(), 'record-test-'))
})
after(() => {
  rmSync(folder, { recursive: true, force: true })
})
beforeEach(() => {
  list = join(folder, 'list')
  rmSync(list, { force: true })
})

const RECORD = fileURLToPath(new URL('./record.ts', import.meta.url))
const module = (path: string) => JSON.stringify(new URL(path, import.meta.url).href)

/** Does what a proxy does with each statement, in a separate process. */
const SEND = `
  const { applyAllowlist } = await import(${module('./apply.ts')})
  const { createGate } = await import(${module('../gate.ts')})
  const { PROXY_ALLOWLIST: list, PROXY_ALLOWLIST_RECORD: path } = process.env
  const { gate } = await applyAllowlist(await createGate(), { allowlist: list || null, allowlistRecord: path })
  for (const sql of JSON.parse(process.argv.at(-1))) await gate(sql)
`

function record(code: string, statements: readonly string[] = []) {
  const node = [process.execPath, '--import', 'tsx', '--input-type=module', '-e', code]
  return spawnSync(
    process.execPath,
    ['--import', 'tsx', RECORD, list, ...node, JSON.stringify(statements)],
    // An active list must not prevent recording a new one.
    { encoding: 'utf8', env: { ...process.env, PROXY_ALLOWLIST: 'in/force' } },
  )
}

test('the list has what the command sent, once each, sorted by statement', () => {
  const sent = ['select b from t where x = $1', 'select a from t', 'select  b from t where x = $1;']
  const { status, stdout, stderr } = record(SEND, sent)
  assert.equal(status, 0, stderr)
  assert.match(stdout, /lists 2 statements/)
  const lines = readFileSync(list, 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
  assert.deepEqual(lines, ['select a from t', 'select b from t where x = $1'])
})

test('the list stays unchanged if the command fails, or if no statement reached a proxy', () => {
  writeFileSync(list, 'as it was')
  const failed = record(`${SEND}; process.exit(3)`, ['select a from t'])
  assert.equal(failed.status, 1)
  assert.match(failed.stderr, /The command failed, so .* stays as it was\./)
  const idle = record(SEND)
  assert.equal(idle.status, 1)
  assert.match(idle.stderr, /No statement reached a proxy/)
  assert.equal(readFileSync(list, 'utf8'), 'as it was')
})

test('without a command, only the usage is printed', () => {
  const { status, stderr } = spawnSync(process.execPath, ['--import', 'tsx', RECORD, list], {
    encoding: 'utf8',
  })
  assert.equal(status, 1)
  assert.match(stderr, /what to run: record\.ts <list> <command>/)
  assert.ok(!existsSync(list))
})
