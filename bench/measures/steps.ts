/** `steps`: the cost of each layer of a request by itself, cold and warm. */
import type { Measurement } from '../bench'
import { byTurns, timed, type Run } from '../by-turns'
import { parseConfig } from '../../proxy/src/config/config'
import { createGate } from '../../proxy/src/gate/gate'
import { sealClaims } from '../../proxy/src/auth/seal'
import { openTokens } from '../../proxy/src/auth/tokens/open-tokens'
import { milliseconds, percentileCells } from '../report/format'
import type { Scene } from '../scene/scene'
import { openSessions } from '../scene/sessions'
import { LIST, LIST_OF_USER } from '../scene/statements'
import { added, median, percentiles, type Percentiles } from '../statistics'

type Cost = { readonly first: number; readonly warm: Percentiles }

const BUDGET_MS = 8_000
const UNSEEN_ROUNDS = 10

export const steps: Measurement = async (bench) => {
  bench.say('steps of a request')
  const scene = await bench.scene()
  const { repetitions, starts } = bench.pace
  const token = await tokenCost(scene, repetitions, starts)
  const unseen = await unseenTokenCost(scene)
  const gate = await gateCost(repetitions)
  const { plain, ...identity } = await identityCost(scene, repetitions, starts)
  const row = (step: string, { first, warm }: Cost) => [
    step,
    milliseconds(first),
    ...percentileCells(warm),
  ]
  return {
    title: 'What each layer costs',
    method: [
      'Each step alone, without HTTP. First: with keys to fetch, a statement that was not seen before, a session that was just opened. Identity and policy: what the list takes longer than the same read by its owner.',
    ],
    tables: [
      {
        head: ['step', 'first', 'p50', 'p99'],
        rows: [
          row('token, checked before', token),
          ['token, seen first (RS256)', '', ...percentileCells(unseen)],
          row('statement gate', gate),
          row('identity and policy, in Postgres', identity),
          ['the query itself, by its owner', '', ...percentileCells(plain)],
        ],
      },
    ],
  }
}

async function tokenCost(scene: Scene, repetitions: number, starts: number): Promise<Cost> {
  const config = parseConfig(scene.proxyEnv)
  const token = scene.users[0]?.token ?? ''
  const first = await medianOf(starts, async () => {
    const { verifyToken, close } = openTokens(config.tokens)
    const ms = await timed(() => verifyToken(token))
    close()
    return ms
  })
  const { verifyToken, close } = openTokens(config.tokens)
  const [samples = []] = await byTurns([() => verifyToken(token)], repetitions, BUDGET_MS)
  close()
  return { first, warm: percentiles(samples) }
}

/** New tokens, whose keys are loaded. */
async function unseenTokenCost(scene: Scene): Promise<Percentiles> {
  const config = parseConfig(scene.proxyEnv)
  const samples: number[] = []
  for (let i = 0; i < UNSEEN_ROUNDS; i++) {
    const { verifyToken, close } = openTokens(config.tokens)
    const [first, ...others] = scene.users
    await verifyToken(first?.token ?? '')
    for (const { token } of others) samples.push(await timed(() => verifyToken(token)))
    close()
  }
  return percentiles(samples)
}

/** Cold: a statement that is new to the gate; warm: one whose verdict is cached. */
async function gateCost(repetitions: number): Promise<Cost> {
  const gate = await createGate()
  let distinct = 0
  const runs: Run[] = [() => gate(`${LIST} limit ${++distinct}`), () => gate(LIST)]
  const [unseen = [], seen = []] = await byTurns(runs, repetitions, BUDGET_MS)
  return { first: median(unseen), warm: percentiles(seen) }
}

/** Sealing, becoming the user and the seal's check in the policy, against the owner's plain query. */
async function identityCost(
  scene: Scene,
  repetitions: number,
  starts: number,
): Promise<Cost & { plain: Percentiles }> {
  const { sessionKey } = parseConfig(scene.proxyEnv)
  const id = scene.users[0]?.id ?? ''
  const payload = JSON.stringify({ sub: id, exp: Math.floor(Date.now() / 1000) + 3_600 })
  const open = async () => {
    const { asUser, asOwner, close } = await openSessions(scene)
    return {
      asUser: () => asUser(sealClaims(sessionKey, payload), LIST),
      asOwner: () => asOwner(LIST_OF_USER, [id]),
      close,
    }
  }
  const first = await medianOf(starts, async () => {
    const { asUser, asOwner, close } = await open()
    const plain = await timed(asOwner)
    const sealed = await timed(asUser)
    close()
    return sealed - plain
  })
  const { asUser, asOwner, close } = await open()
  const [plain = [], sealed = []] = await byTurns([asOwner, asUser], repetitions, BUDGET_MS)
  close()
  return { first, warm: added(plain, sealed), plain: percentiles(plain) }
}

async function medianOf(times: number, run: () => Promise<number>): Promise<number> {
  const samples: number[] = []
  for (let i = 0; i < times; i++) samples.push(await run())
  return median(samples)
}
