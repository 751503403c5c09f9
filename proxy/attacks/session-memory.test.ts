/** What a statement leaves in a backend's own memory, where no reset reaches it, keeps nobody else from working. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { startArena, type Arena } from '../testing/arena'

let arena: Arena
before(async () => {
  arena = await startArena()
})
after(() => arena.proxy.stop())

const isLinux = { skip: process.platform !== 'linux' }

/** Postgres keeps 24 kB for each name, for as long as the session lives. */
const zones = (from: number, count: number) =>
  `select count(now() at time zone ('<ab' || n || '>-01')) from generate_series(${from}, ${from + count - 1}) n`
/** Some megabytes, or some dozens, which an ordinary session has. */
const joined = (rows: number) =>
  `select length(string_agg(task || n, ',')) from todos, generate_series(1, ${rows}) n`

test('a session whose memory is full is replaced', isLinux, async () => {
  for (let i = 0; i < 2; i++) {
    const told = await arena.bob(arena.gated, zones(1, 100_000))
    assert.match(told.text, /53200/)
    const next = await arena.alice(arena.gated, joined(100_000))
    assert.equal(next.status, 200, next.text)
  }
})

test('who first finds it nearly full has an answer, too', isLinux, async () => {
  const fill = async (most: number) => {
    for (let steps = 0; steps < most; steps++) {
      const told = await arena.bob(arena.gated, zones(steps * 500, 500))
      if (told.status !== 200) return steps
    }
    return most
  }
  const most = await fill(100)
  await fill(most - 1)
  const next = await arena.alice(arena.gated, joined(1_000_000))
  assert.equal(next.status, 200, next.text)
})
