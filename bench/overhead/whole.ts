/** A request through the whole proxy: the first that a new proxy answers, and all after it. */
import { Agent, request } from 'node:http'
import { parseConfig } from '../../proxy/config'
import { startProxy } from '../../proxy/server'
import { measure, median, percentiles, type Percentiles } from './samples'
import { LIST, type Scene } from './scene'

const PROXIES = 7
const ROUNDS = 3_500
const BUDGET_MS = 10_000

export type WholeCost = { readonly first: number; readonly warm: Percentiles }

/** First: a proxy just started, so with keys to fetch, a session to open and SQL it has not seen. */
export async function wholeCost(scene: Scene): Promise<WholeCost> {
  const firsts: number[] = []
  let warm: readonly number[] = []
  for (let i = 0; i < PROXIES; i++) {
    const proxy = await startProxy(parseConfig(scene.env), { log: () => undefined })
    const agent = new Agent({ keepAlive: true })
    const send = () => post(`${proxy.url}/sql`, scene, agent)
    const started = performance.now()
    await send()
    firsts.push(performance.now() - started)
    if (i === PROXIES - 1) warm = (await measure([send], ROUNDS, BUDGET_MS))[0] ?? []
    agent.destroy()
    await proxy.close()
  }
  return { first: median(firsts), warm: percentiles(warm) }
}

/** @throws Error when the answer is not 200 */
export function post(url: string, scene: Scene, agent: Agent): Promise<void> {
  const body = JSON.stringify({ query: LIST, params: [] })
  return new Promise((resolve, reject) => {
    const outgoing = request(
      url,
      {
        method: 'POST',
        agent,
        headers: {
          authorization: `Bearer ${scene.token}`,
          'neon-connection-string': scene.connectionString,
          'content-length': Buffer.byteLength(body),
        },
      },
      (response) => {
        response.resume()
        response.once('end', () => {
          if (response.statusCode === 200) resolve()
          else reject(new Error(`the proxy answered with status ${response.statusCode ?? 0}`))
        })
      },
    )
    outgoing.once('error', reject)
    outgoing.end(body)
  })
}
