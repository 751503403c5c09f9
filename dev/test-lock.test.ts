import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { lockTests } from './test-lock'

let folder: string
before(() => {
  folder = mkdtempSync(join(tmpdir(), 'test-lock-'))
})
after(() => {
  rmSync(folder, { recursive: true })
})

/** A process that takes the lock, then waits to be ended. */
async function holder(file: string) {
  const script = `import { lockTests } from './dev/test-lock.ts'
    lockTests(${JSON.stringify(file)})
    console.log('locked')
    process.stdin.resume().once('end', () => process.exit())`
  const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  await once(child.stdout, 'data')
  return child
}

test('a second run is refused, with the process of the first, until that has ended', async () => {
  const file = join(folder, 'held', 'running')
  const first = await holder(file)
  assert.throws(
    () => {
      lockTests(file)
    },
    { name: 'UserError', message: new RegExp(`process ${first.pid}\\)`) },
  )
  first.stdin.end()
  await once(first, 'exit')
  assert.ok(!existsSync(file))
  lockTests(file)
  assert.equal(readFileSync(file, 'utf8'), String(process.pid))
})

test('a lock that a killed run has left behind does not count', async () => {
  const file = join(folder, 'left')
  const killed = await holder(file)
  killed.kill('SIGKILL')
  await once(killed, 'exit')
  assert.ok(existsSync(file))
  lockTests(file)
})

test('neither does one that names no process', () => {
  const file = join(folder, 'broken')
  writeFileSync(file, 'nonsense')
  lockTests(file)
})
