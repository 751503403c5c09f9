/** In a real world of the lab, each ready attack is stopped by what the lab says, and leaks are recognized. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, before, describe, test } from 'node:test'
import { ATTACK_GROUPS, type Attack } from '../break-in/attack-groups'
import { callEndpoint } from '../before-after/call-endpoint'
import { ENDPOINTS, WAYS } from '../before-after/endpoints'
import { recorded, withoutIds } from '../before-after/recorded'
import recordedLayers from '../layers/recorded.json'
import { orderOf, TRIES, worldsWith } from '../layers/tries'
import { openScene, type Scene } from './scene'
import { headingOf, stoppedBy } from './verdict-words'
import { startTestLab, type TestLab } from '../service/testing/test-lab'

let lab: TestLab['lab']
let stop: TestLab['stop']
before(async () => {
  ;({ lab, stop } = await startTestLab())
})
after(() => stop())

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

  test('each solution of docs/self-study.md is stopped by the layer that it is for', async () => {
    const page = readFileSync('docs/self-study.md', 'utf8')
    const solutions = /One solution for each[\s\S]*?```sql\n([\s\S]*?)```/.exec(page)?.[1] ?? ''
    const stopped: (string | null)[] = []
    for (const sql of solutions.trim().split('\n')) {
      stopped.push(stoppedBy((await scene.attempt(sql.trim().replace(/;$/, ''))).verdict))
    }
    assert.deepEqual(stopped, ['gate', 'policy', 'policy', 'grant', 'limit'])
  })

  test('what an attack changes of Bob’s own is as before for the next', async () => {
    const count = 'select count(*) from todos where list_id is null'
    const rows = async () => (await scene.attempt(count)).outcome.results[0]?.rows
    const first = await rows()
    await scene.attempt('delete from todos')
    assert.deepEqual(await rows(), first)
  })
})

test('with a layer missing, each attack ends as it is recorded, and leaks are real', async () => {
  const endings: Record<string, Record<string, string>> = {}
  for (const world of worldsWith([])) {
    const scene = await openScene(lab, (await lab.makeWorld(orderOf(world))).world)
    for (const { title, attack } of TRIES) {
      const { verdict } = await scene.attempt(sendable(attack))
      endings[title] = { ...endings[title], [world.name]: headingOf(verdict) }
    }
    await lab.drop(scene.world)
  }
  assert.deepEqual(endings, recordedLayers)
})

test('of the endpoints, the one with the mistake leaks, and none with policies', async () => {
  for (const endpoint of ENDPOINTS) {
    const answers = await Promise.all(WAYS.map((way) => callEndpoint(lab, way, endpoint)))
    const [inCode, withPolicies] = answers.map(withoutIds)
    assert.deepEqual({ 'in-code': inCode, 'with-policies': withPolicies }, recorded[endpoint])
  }
})
