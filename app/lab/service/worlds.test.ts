import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { parseConfig } from '../../../proxy/src/config/config'
import type { World } from './world'
import { NoWorld, Worlds } from './worlds'

const CONFIG = parseConfig({
  PROXY_DATABASE_URL: 'postgresql://login@localhost/scratch',
  PROXY_SESSION_KEY: Buffer.alloc(32).toString('base64'),
  PROXY_JWT_PROVIDERS:
    '[{"name":"lab","issuer":"http://127.0.0.1:1","authorizedParties":["http://lab.localhost"]}]',
})

/** What counts worlds has no need of their databases: see service.test.ts for those. */
function countedWorlds(context: TestContext, most: number) {
  const { timers } = context.mock
  timers.enable({ apis: ['Date', 'setInterval'], now: 1_000_000 })
  let open = 0
  let made = 0
  const large = new Set<string>()
  const worlds = new Worlds(
    (missing): Promise<World> => {
      open++
      return Promise.resolve({
        ...{ missing, config: CONFIG },
        scratch: {
          name: `lab_${++made}`,
          ownerUrl: '',
          loginUrl: '',
          sessionKey: '',
          drop: () => Promise.resolve(),
        },
        run: () => Promise.reject(new Error('nothing runs here')),
        verify: () => Promise.reject(new Error('nothing runs here')),
        close: () => {
          open--
          return Promise.resolve()
        },
      })
    },
    () => Promise.resolve(large),
    most,
  )
  context.after(async () => {
    await worlds.close()
    assert.equal(open, 0)
  })
  return { worlds, timers, large, open: () => open }
}

const ORDER = { variant: 'as shipped' } as const

test('worlds that are in use are never too many, however many ask at once', async (context) => {
  const { worlds, open } = countedWorlds(context, 3)
  const asked = await Promise.allSettled(Array.from({ length: 8 }, () => worlds.make(ORDER)))
  assert.equal(asked.filter(({ status }) => status === 'fulfilled').length, 3)
  assert.equal(open(), 3)
})

test('the world that was unused for longest makes room', async (context) => {
  const { worlds, timers, open } = countedWorlds(context, 2)
  const first = await worlds.make(ORDER)
  timers.tick(30_000)
  const second = await worlds.make(ORDER)
  timers.tick(40_000)
  await worlds.make(ORDER)
  assert.throws(() => worlds.use(first.world), NoWorld)
  assert.equal(worlds.use(second.world).shown.world, second.world)
  assert.equal(open(), 2)
})

test('a world that nobody uses is dropped', async (context) => {
  const { worlds, timers, open } = countedWorlds(context, 2)
  const idle = await worlds.make(ORDER)
  const used = await worlds.make(ORDER)
  timers.tick(400_000)
  worlds.use(used.world)
  timers.tick(300_000)
  await settled()
  assert.throws(() => worlds.use(idle.world), NoWorld)
  worlds.use(used.world)
  assert.equal(open(), 1)
})

test('a world that is reset twice at once, or dropped meanwhile, leaves none behind', async (context) => {
  const { worlds, open } = countedWorlds(context, 2)
  const { world } = await worlds.make(ORDER)
  await Promise.all([worlds.reset(world), worlds.reset(world)])
  assert.equal(open(), 1)
  await Promise.all([worlds.reset(world), worlds.drop(world)])
  assert.equal(open(), 0)
})

test('a world that fills the disk is dropped, though it is in use', async (context) => {
  const { worlds, timers, large, open } = countedWorlds(context, 2)
  const { world } = await worlds.make(ORDER)
  await worlds.make(ORDER)
  large.add('lab_1')
  timers.tick(5_000)
  await settled()
  assert.throws(() => worlds.use(world), NoWorld)
  assert.equal(open(), 1)
})

/** What has been begun without waiting is over after all microtasks. */
const settled = () => new Promise((resolve) => setImmediate(resolve))
