/** In a real world of the lab, each ready attack is stopped by what the lab says, and leaks are recognized. */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { startTestServer, type TestServer } from '../../../proxy/test/postgres/test-server'
import { ATTACK_GROUPS, type Attack } from '../break-in/attack-groups'
import { callEndpoint } from '../before-after/call-endpoint'
import { ENDPOINTS } from '../before-after/endpoints'
import { orderOf, TRIES, worldsWith } from '../layers/tries'
import { createLab, type Lab } from '../service/client'
import { startService, type Service } from '../service/service'
import { openScene, type Scene } from './scene'
import { stoppedBy } from './verdict-words'

let server: TestServer
let service: Service
let lab: Lab
before(async () => {
  server = await startTestServer()
  service = await startService(server.url, 0)
  lab = createLab(service.url)
})
after(async () => {
  await service.close()
  await server.stop()
})

const sendable = ({ sql }: Attack) => (typeof sql === 'string' ? sql : [...sql])

/** The gate refuses what is in these, as the proxy's own tests prove statement by statement. */
const isLong = (by: string) => by === 'gate' || by === 'limit'

describe('as shipped', () => {
  let scene: Scene
  before(async () => {
    const { world } = await lab.makeWorld({ variant: 'as shipped' })
    scene = await openScene(lab, world)
  })
  after(() => lab.drop(scene.world))

  for (const { title, attacks } of ATTACK_GROUPS) {
    test(`“${title}”: each attack is stopped by what is said beforehand`, async () => {
      const isAll = process.env.TRIALS === 'full' || !attacks.every(({ by }) => isLong(by))
      for (const attack of isAll ? attacks : attacks.slice(0, 2)) {
        const { verdict } = await scene.attempt(sendable(attack))
        const by = stoppedBy(verdict)
        assert.notEqual(by, 'nothing', attack.id)
        if (verdict.kind !== 'failed') assert.equal(by, attack.by, `${attack.id}: ${verdict.why}`)
      }
    })
  }

  test('what an attack changes of Bob’s own is as before for the next', async () => {
    const count = 'select count(*) from todos where list_id is null'
    const rows = async () => (await scene.attempt(count)).outcome.results[0]?.rows
    const first = await rows()
    await scene.attempt('delete from todos')
    assert.deepEqual(await rows(), first)
  })
})

test('with a layer missing, the attacks break through where they should, and nowhere else', async () => {
  const breaches = new Map<string, string[]>(TRIES.map(({ title }) => [title, []]))
  for (const world of worldsWith(['grants', 'policy'])) {
    const scene = await openScene(lab, (await lab.makeWorld(orderOf(world))).world)
    for (const { title, attack } of TRIES) {
      const { verdict } = await scene.attempt(sendable(attack))
      if (verdict.kind === 'broke through') breaches.get(title)?.push(world.name)
    }
    await lab.drop(scene.world)
  }
  assert.deepEqual(Object.fromEntries(breaches), {
    'Read everyone’s todos': ['as you chose', 'policy loosened'],
    'Tell Postgres that you are Alice': ['id in a setting'],
    'Give Alice a todo': ['as you chose', 'policy loosened'],
    'Empty the table': ['gate off and grants open'],
    'Read the key of the seal': ['gate off and grants open'],
    'Drop the policy': [],
  })
})

test('of the endpoints, the one with the mistake leaks, and none with policies', async () => {
  const told = await Promise.all(
    ENDPOINTS.map(
      async (endpoint) =>
        [
          endpoint,
          await callEndpoint(lab, 'in-code', endpoint),
          await callEndpoint(lab, 'with-policies', endpoint),
        ] as const,
    ),
  )
  for (const [endpoint, inCode, withPolicies] of told) {
    assert.equal(inCode.leaked.length > 0, endpoint === 'search-todos', endpoint)
    assert.equal(inCode.isHarmed, false, endpoint)
    assert.deepEqual([withPolicies.leaked, withPolicies.isHarmed], [[], false], endpoint)
  }
  assert.deepEqual(
    told.map(([, inCode, withPolicies]) => [inCode.status, withPolicies.status]),
    [
      [200, 200],
      [200, 200],
      [403, 404],
    ],
  )
})
