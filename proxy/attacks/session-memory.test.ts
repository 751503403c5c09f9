/** What a statement leaves in a backend's own memory, where no reset reaches it, keeps nobody else from working. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { startArena, type Arena } from '../testing/arena'

let arena: Arena
before(async () => {
  arena = await startArena()
})
after(() => arena.proxy.stop())

/** Each fills what a backend may have, and Postgres keeps it for as long as the session lives. */
const FILLING: Readonly<Record<string, string>> = {
  'time zones, 24 kB for each name': `select count(now() at time zone ('<ab' || n || '>-01')) from generate_series(1, 100000) n`,
}
/** Some megabytes, which an ordinary session has. */
const ORDINARY = `select length(string_agg(task || n, ',')) from todos, generate_series(1, 100000) n`

for (const [what, sql] of Object.entries(FILLING)) {
  test(what, { skip: process.platform !== 'linux' }, async () => {
    for (let i = 0; i < 3; i++) {
      const told = await arena.bob(arena.gated, sql)
      assert.match(told.text, /53200/)
      const next = await arena.alice(arena.gated, ORDINARY)
      assert.equal(next.status, 200, next.text)
    }
  })
}
