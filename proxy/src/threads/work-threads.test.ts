import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { Cancellation, cancelled } from '../cancellation'
import { contextOf } from '../../test/testing/work-context'
import { WorkEnded, WorkThreads } from './work-threads'

/** A module with one function that never returns: `(func (export "f") (loop (br 0)))`. */
const LOOP = Buffer.from(
  '0061736d01000000010401600000030201000705010166' + '00000a0901070003400c000b0b',
  'hex',
).toString('base64')

/** Obeys the text of a statement instead of judging it. */
const OBEDIENT = `
  const { parentPort } = require('node:worker_threads')
  const say = (message) => {
    parentPort.postMessage({ cpuMs: performance.eventLoopUtilization().active, ...message })
  }
  parentPort.on('message', async ({ input: { sql } }) => {
    if (sql === 'loop') for (;;);
    if (sql === 'wasm') {
      const { instance } = await WebAssembly.instantiate(Buffer.from('${LOOP}', 'base64'))
      instance.exports.f()
    }
    if (sql === 'memory') for (const all = []; ; ) all.push(new Array(1000).fill(all.length))
    if (sql === 'exit') process.exit(0)
    if (sql === 'throw') throw new Error('on purpose')
    say({ kind: 'done', output: sql })
  })
  say({ kind: 'ready' })
`

let threads: WorkThreads
before(async () => {
  threads = await WorkThreads.start({ count: 1, source: OBEDIENT })
})
after(() => {
  threads.close()
})

const run = (sql: string, context = contextOf('bob'), known?: () => undefined) =>
  threads.run('judge', { sql, functions: [] }, context, 100, known)

for (const sql of ['loop', 'wasm', 'memory', 'exit', 'throw']) {
  test(`endless work is ended and charged, and others are served: ${sql}`, async () => {
    const bob = contextOf('bob')
    const [endless] = await Promise.allSettled([run(sql, bob), run('next', contextOf('alice'))])
    assert.equal(endless.status, 'rejected')
    assert.ok(endless.reason instanceof WorkEnded)
    const [ms = 0] = bob.cpu
    assert.ok(ms >= 100, `${ms} ms`)
    assert.equal(await run('again', bob), 'again')
  })
}

test('the event loop runs on while a thread is stuck', async () => {
  let turns = 0
  const timer = setInterval(() => turns++, 1)
  await assert.rejects(run('loop'), WorkEnded)
  clearInterval(timer)
  assert.ok(turns > 10, `${turns}`)
})

test('a user who floods the threads delays another by one job', async () => {
  const order: string[] = []
  const told = (name: string) => run(name, contextOf(name.charAt(0))).then(() => order.push(name))
  const flood = Array.from({ length: 100 }, (_, i) => told(`b${i}`))
  await Promise.all([...flood, told('a'), told('c')])
  assert.ok(order.indexOf('a') <= 2, order.slice(0, 5).join())
  assert.ok(order.indexOf('c') <= 3, order.slice(0, 5).join())
})

test('waiting work is cancelled with its request, and never begins', async () => {
  const cancellation = new Cancellation()
  await run('ready')
  const first = assert.rejects(run('loop'), WorkEnded)
  const waiting = contextOf('alice', cancellation)
  const second = run('loop', waiting)
  cancellation.cancel(cancelled())
  await assert.rejects(second, /cancelled/)
  assert.deepEqual(waiting.cpu, [])
  await assert.rejects(run('x', contextOf('alice', cancellation)), /cancelled/)
  await first
})

test('work that has begun settles when it has ended, even if its request is gone', async () => {
  const cancellation = new Cancellation()
  const bob = contextOf('bob', cancellation)
  // The previous thread has been replaced.
  await run('ready')
  const running = run('loop', bob)
  cancellation.cancel(cancelled())
  await assert.rejects(running, WorkEnded)
  assert.equal(bob.cpu.length, 1)
})

test('a result that is known by now is not computed again', async () => {
  const context = contextOf('bob')
  const verdict = { leavesState: false, isRead: true, holdsContent: false }
  const known = threads.run('judge', { sql: 'loop', functions: [] }, context, 100, () => verdict)
  assert.equal(await known, verdict)
  assert.deepEqual(context.cpu, [])
})

test('if no thread can start, the start fails', async () => {
  await assert.rejects(WorkThreads.start({ source: `throw new Error('no parser')` }), /no parser/)
})
