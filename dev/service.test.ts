import assert from 'node:assert/strict'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as wait } from 'node:timers/promises'
import { startService, type ServiceOptions } from './service'

const folder = mkdtempSync(join(tmpdir(), 'service-'))
after(() => {
  rmSync(folder, { recursive: true })
})

const never = new AbortController().signal

/** A web server that writes its address to a file, and a farewell to another when it is asked to go. */
const SERVER = `
  import { createServer } from 'node:http'
  import { writeFileSync } from 'node:fs'
  const [port, farewell] = process.argv.slice(2)
  createServer((_, answer) => answer.end('ok')).listen(Number(port), '127.0.0.1')
  process.on('SIGTERM', () => { writeFileSync(farewell, 'bye'); process.exit() })
`

function service(port: number, code: string): ServiceOptions {
  const program = join(folder, `${port}.mjs`)
  writeFileSync(program, code)
  return {
    name: 'The test service',
    args: [program, String(port), join(folder, `${port}.farewell`)],
    env: { ...process.env },
    readyUrl: `http://127.0.0.1:${port}/`,
    logFile: join(folder, `${port}.log`),
  }
}

test('a service answers once it has started, and is asked to finish before it ends', async () => {
  const options = service(39417, SERVER)
  const running = await startService(options, never)
  assert.equal(await (await fetch(options.readyUrl)).text(), 'ok')
  await running.stop()
  assert.ok(existsSync(join(folder, '39417.farewell')))
  await assert.rejects(fetch(options.readyUrl))
})

test('a service that dies before it is ready is reported with its last words', async () => {
  const options = service(39418, "console.error('no such table'); process.exit(3)")
  await assert.rejects(startService(options, never), {
    name: 'UserError',
    message: /The test service did not start\. Its last words, in .*39418\.log:\nno such table$/,
  })
})

test('a service that is cancelled while it starts is stopped', async () => {
  const options = service(39419, 'setInterval(() => {}, 1000)')
  const aborted = AbortSignal.abort()
  await assert.rejects(startService(options, aborted), { name: 'AbortError' })
})

test('a service ends cleanly when its starter is killed', async () => {
  const options = service(39420, SERVER)
  const starter = join(folder, 'starter.mts')
  writeFileSync(
    starter,
    `import { startService } from ${JSON.stringify(join(process.cwd(), 'dev', 'service.ts'))}
     await startService(${JSON.stringify(options)}, new AbortController().signal)
     console.log('started')
     setInterval(() => {}, 1000)`,
  )
  const program = spawn(process.execPath, ['--import', 'tsx', starter])
  await once(program.stdout, 'data')
  program.kill('SIGKILL')
  while (!existsSync(join(folder, '39420.farewell'))) await wait(20)
  await assert.rejects(fetch(options.readyUrl))
})
