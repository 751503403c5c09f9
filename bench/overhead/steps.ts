/** What each step of a request costs, alone: first and warm. */
import { becomeUser } from '../../proxy/become-user'
import { parseConfig } from '../../proxy/config'
import { createGate } from '../../proxy/gate/gate'
import { sealClaims } from '../../proxy/identity'
import { PostgresConnection, type Step } from '../../proxy/postgres/connection'
import { connect } from '../../proxy/postgres/login'
import { openTokens } from '../../proxy/tokens/open-tokens'
import { added, measure, median, percentiles, type Percentiles } from './samples'
import { LIST, LIST_OF_USER, USER, type Scene } from './scene'

const ROUNDS = 7_000
const BUDGET_MS = 8_000
const FIRSTS = 15
const MESSAGE_BYTES = 1024 * 1024

export type StepCost = { readonly step: string; readonly first: number; readonly warm: Percentiles }

export async function tokenCost({ env, token }: Scene): Promise<StepCost> {
  const config = parseConfig(env)
  const first = await medianOf(async () => {
    const { verifyToken, close } = openTokens(config.tokens)
    const ms = await time(() => verifyToken(token))
    close()
    return ms
  })
  const { verifyToken, close } = openTokens(config.tokens)
  const [samples = []] = await measure([() => verifyToken(token)], ROUNDS, BUDGET_MS)
  close()
  return { step: 'token check (RS256)', first, warm: percentiles(samples) }
}

/** First: a statement that the gate has not seen; warm: one whose verdict it remembers. */
export async function gateCost(): Promise<StepCost> {
  const gate = await createGate()
  let distinct = 0
  const [unseen = [], seen = []] = await measure(
    [() => gate(`${LIST} limit ${++distinct}`), () => gate(LIST)],
    ROUNDS,
    BUDGET_MS,
  )
  return { step: 'statement gate', first: median(unseen), warm: percentiles(seen) }
}

/** Sealing, becoming the user and the seal's check in the policy, against the owner's plain query. */
export async function identityCost(scene: Scene): Promise<StepCost & { plain: Percentiles }> {
  const first = await medianOf(async () => {
    const { asOwner, asUser, close } = await openBoth(scene)
    const plain = await time(asOwner)
    const sealed = await time(asUser)
    close()
    return sealed - plain
  })
  const { asOwner, asUser, close } = await openBoth(scene)
  const [plain = [], sealed = []] = await measure([asOwner, asUser], ROUNDS, BUDGET_MS)
  close()
  return {
    step: 'identity and policy, in Postgres',
    first,
    warm: added(plain, sealed),
    plain: percentiles(plain),
  }
}

/** The same list for the same answer, asked by its user and by the owner, whom no policy holds. */
async function openBoth(scene: Scene) {
  const { databaseUrl: url, limits, sessionKey } = parseConfig(scene.env)
  const { statementTimeoutMs } = limits
  const user = await PostgresConnection.open({ url, statementTimeoutMs }, MESSAGE_BYTES)
  const owner = PostgresConnection.over(
    // Past the check that keeps the proxy from logging in as a superuser.
    await connect({ connectionString: scene.ownerUrl }),
    MESSAGE_BYTES,
  )
  const payload = JSON.stringify({ sub: USER, exp: Math.floor(Date.now() / 1000) + 600 })
  return {
    asUser: () => {
      const identity = { role: 'authenticated', sessionToken: sealClaims(sessionKey, payload) }
      return user.run([becomeUser(identity), reading(LIST)])
    },
    asOwner: () => owner.run([reading(LIST_OF_USER)]),
    close: () => {
      user.destroy()
      owner.destroy()
    },
  }
}

function reading(sql: string): Step {
  const sink = { onFields: () => undefined, onRow: () => undefined, onComplete: () => undefined }
  return { sql, params: [], sink, key: sql }
}

async function medianOf(run: () => Promise<number>): Promise<number> {
  const samples: number[] = []
  for (let i = 0; i < FIRSTS; i++) samples.push(await run())
  return median(samples)
}

async function time(run: () => Promise<unknown>): Promise<number> {
  const started = performance.now()
  await run()
  return performance.now() - started
}
