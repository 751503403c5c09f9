/** Sessions of several processes that share the port: what one of them takes, another may have to answer for. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { int32 } from '../../src/session/to-client'
import { startProgram, type Program } from '../testing/program'
import { startTestProxy, type TestProxy } from '../testing/proxy'
import { until } from '../testing/until'
import { logIn, openWebSocket, packet, shown, simple } from '../testing/wire'

let proxy: TestProxy
let program: Program
before(async () => {
  proxy = await startTestProxy()
  program = startProgram({
    ...proxy.variables,
    PROXY_WEBSOCKET: 'on',
    PROXY_WORKERS: '2',
    PROXY_MAX_SESSIONS_PER_USER: '2',
  })
})
after(async () => {
  program.child.kill('SIGKILL')
  await program.ended
  await proxy.stop()
})

const SLOW = `select count(*) from generate_series(1, 100000) a(n), generate_series(1, 100000) b(m) where n + m = 0`
const RUNNING = `select from pg_stat_activity where state = 'active' and query like 'select count(*)%' and datname = current_database()`
const CANCEL = 80877102

test('a CancelRequest reaches its session, whichever process takes it', async () => {
  const url = await program.url()
  const database = new URL(proxy.ownerUrl).pathname.slice(1)
  // Connections go to the processes in turn, so that one of three at least crosses over.
  for (let i = 0; i < 3; i++) {
    const wire = await openWebSocket(url)
    const greeting = await logIn(wire, { password: await proxy.issuer.token('alice'), database })
    const key = greeting.find(({ type }) => type === 'K')?.body
    assert.ok(key)
    wire.send(simple(SLOW))
    await until(async () => (await proxy.asOwner(RUNNING)).length > 0)
    for (let extra = 0; extra <= i; extra++) {
      const other = await openWebSocket(url)
      other.send(
        packet(CANCEL, int32(key.readInt32BE(0)), extra === i ? key.subarray(4) : Buffer.alloc(4)),
      )
      await other.rest()
    }
    assert.deepEqual(shown(await wire.until('Z')).slice(-2), ['E:57014', 'Z:I'])
    wire.close()
  }
})

test('a user has no more sessions in all processes together than the limit', async () => {
  const url = await program.url()
  const database = new URL(proxy.ownerUrl).pathname.slice(1)
  const open = async () => {
    const wire = await openWebSocket(url)
    await logIn(wire, { password: await proxy.issuer.token('bob'), database })
    return wire
  }
  // One in each process.
  const wires = [await open(), await open()]
  await until(() =>
    open().then(
      (third) => {
        third.close()
        return false
      },
      (error: unknown) => String(error).includes('E:53300'),
    ),
  )
  for (const wire of wires) wire.close()
})
