/** Many sessions at once, with errors, aborts and garbage among them: each answer is its own user's. */
import assert from 'node:assert/strict'
import { randomBytes, randomInt } from 'node:crypto'
import { after, before, test } from 'node:test'
import { message } from '../../src/session/to-client'
import { startTestProxy, type TestProxy } from '../testing/proxy'
import {
  bind,
  execute,
  logIn,
  openWebSocket,
  parse,
  shown,
  simple,
  SYNC,
  type Wire,
} from '../testing/wire'

const USERS = ['alice', 'bob', 'carol', 'dave']
const ROUNDS = 60

let proxy: TestProxy
let database: string
before(async () => {
  const env = { PROXY_WEBSOCKET: 'on', PROXY_POOL_SIZE: '3', PROXY_MAX_SESSIONS_PER_USER: '1000' }
  proxy = await startTestProxy({ env: { ...env, PROXY_MAX_IN_FLIGHT_PER_USER: '1000' } })
  database = new URL(proxy.ownerUrl).pathname.slice(1)
})
after(() => proxy.stop())

async function open(user: string): Promise<Wire> {
  const wire = await openWebSocket(proxy.url)
  await logIn(wire, { password: await proxy.issuer.token(user), database })
  return wire
}

const WHO = 'select auth.user_id()'
const prepared = (sql: string) => [parse(sql), bind(), execute(), SYNC]

/** One of the things that a session does; resolves with who it was told to be. */
const deeds: readonly ((wire: Wire) => Promise<string[]>)[] = [
  async (wire) => {
    wire.send(simple(WHO))
    return shown(await wire.until('Z'))
  },
  async (wire) => {
    wire.send(...prepared(WHO))
    return shown(await wire.until('Z'))
  },
  async (wire) => {
    wire.send(simple(`begin; ${WHO}; commit; ${WHO}; begin; ${WHO}; rollback`))
    return shown(await wire.until('Z'))
  },
  async (wire) => {
    wire.send(
      simple('begin'),
      simple('savepoint s'),
      simple('select 1 / 0'),
      simple('rollback to s'),
    )
    wire.send(...prepared(WHO), simple('commit'))
    const all: string[] = []
    for (let i = 0; i < 6; i++) all.push(...shown(await wire.until('Z')))
    return all
  },
  async (wire) => {
    wire.send(parse('select 1 / 0'), bind(), execute(), parse('drop table memos'), SYNC)
    wire.send(simple(WHO))
    return [...shown(await wire.until('Z')), ...shown(await wire.until('Z'))]
  },
]

test('each session is told its own user, whatever the others do', async () => {
  const live = async (user: string) => {
    let wire = await open(user)
    for (let round = 0; round < ROUNDS; round++) {
      if (randomInt(8) === 0) {
        // It leaves in the middle of something.
        wire.send(simple('begin'), simple(`select n from generate_series(1, 1000000) as g(n)`))
        wire.send(simple(`insert into memos (body) values ('lost')`))
        wire.close()
        wire = await open(user)
      }
      const told = await deeds[randomInt(deeds.length)]?.(wire)
      const users = told?.filter((one) => /^D:[a-z]+$/.test(one)) ?? []
      assert.deepEqual([...new Set(users)], [`D:${user}`], told?.join(' '))
    }
    wire.close()
  }
  await Promise.all([...USERS, ...USERS].map(live))
  assert.deepEqual(await proxy.asOwner('select * from memos'), [])
})

test('garbage of any kind ends its own session, and no other', async () => {
  const alice = await open('alice')
  for (let i = 0; i < 200; i++) {
    const wire = await open('bob')
    const types = 'BCDEFHPQSXcdfp!'
    const type = types.charAt(randomInt(types.length))
    wire.send(message(type, randomBytes(randomInt(40))), randomBytes(randomInt(20)))
    wire.stream.end()
    await wire.rest().catch(() => undefined)
  }
  alice.send(simple(WHO))
  assert.deepEqual(shown(await alice.until('Z')), ['T', 'D:alice', 'C:SELECT 1', 'Z:I'])
  alice.close()
})
