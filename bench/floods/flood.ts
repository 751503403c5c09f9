/** Reads a plan from stdin and floods a server with it, in a process of its own, for a bounded time. */
import { randomBytes } from 'node:crypto'
import { Agent, request } from 'node:http'
import { connect, type Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import { setTimeout as wait } from 'node:timers/promises'
import { z } from 'zod'
import { KINDS, type Kind } from './kinds'

const planSchema = z.object({
  url: z.url(),
  kind: z.string(),
  /** Each with the headers of its requests; its address is in `x-forwarded-for`. */
  accounts: z.array(z.record(z.string(), z.string())).min(1),
  perSecond: z.number(),
  connections: z.int(),
  seconds: z.number(),
})

export type FloodPlan = z.infer<typeof planSchema>

const TICK_MS = 10
const TRICKLE_MS = 500
/** Number of answers by status; 0 stands for a connection that ended without an answer. */
const counts = new Map<number, number>()

const plan = planSchema.parse(JSON.parse(await text(process.stdin)))
const kind = KINDS.find(({ name }) => name === plan.kind)
if (kind === undefined) throw new Error(`there is no kind “${plan.kind}”`)
await flood(kind)
console.log(JSON.stringify(Object.fromEntries(counts)))
process.exit()

async function flood(chosen: Kind): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: plan.connections })
  let running = 0
  let sent = 0
  let credit = 0
  const started = performance.now()
  let last = started
  while (last < started + plan.seconds * 1000) {
    await wait(TICK_MS)
    const now = performance.now()
    // Requests that were not sent in time are caught up with, but at most one tick's worth of them.
    const most = Math.max(1, (plan.perSecond * 2 * TICK_MS) / 1000)
    credit = Math.min(most, credit + ((now - last) / 1000) * plan.perSecond)
    last = now
    for (; credit >= 1 && running < plan.connections; credit--) {
      const account = plan.accounts[sent++ % plan.accounts.length] ?? {}
      running++
      void once(chosen, account, agent).then((status) => {
        running--
        counts.set(status, (counts.get(status) ?? 0) + 1)
      })
    }
  }
}

/** @returns the status of the answer, 0 without one */
function once(chosen: Kind, account: Record<string, string>, agent: Agent): Promise<number> {
  const headers = { ...account }
  if (chosen.isForged === true) {
    const [head, payload] = (headers.authorization ?? '').split('.')
    headers.authorization = `${head}.${payload}.${randomBytes(256).toString('base64url')}`
  }
  if (chosen.transport !== undefined) return trickle(chosen.transport, headers)
  return new Promise((resolve) => {
    const body = chosen.body()
    const outgoing = request(
      new URL('/sql', plan.url),
      { method: 'POST', agent, headers: { ...headers, 'content-length': Buffer.byteLength(body) } },
      (incoming) => {
        incoming.resume()
        incoming.once('close', () => {
          resolve(incoming.statusCode ?? 0)
        })
      },
    )
    outgoing.once('error', () => {
      resolve(0)
    })
    if (chosen.abandonAfterMs !== undefined) {
      setTimeout(() => outgoing.destroy(), chosen.abandonAfterMs)
    }
    outgoing.end(body)
  })
}

/** @returns the status with which the server has ended it, 0 when it only hung up */
function trickle(transport: string, headers: Record<string, string>): Promise<number> {
  const { hostname, port } = new URL(plan.url)
  return new Promise((resolve) => {
    let answer = ''
    const socket: Socket = connect(Number(port), hostname)
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
    const start = `POST /sql HTTP/1.1\r\nhost: localhost\r\n${lines.join('')}`
    socket.write(
      transport === 'trickled-headers' ? start : `${start}content-length: 100000\r\n\r\n{`,
    )
    const timer = setInterval(() => socket.write('x'), TRICKLE_MS)
    socket.on('data', (chunk: Buffer) => (answer += chunk.toString('latin1')))
    socket.on('error', () => undefined)
    socket.on('close', () => {
      clearInterval(timer)
      resolve(Number(/^HTTP\/1\.1 (\d+)/.exec(answer)?.[1] ?? 0))
    })
  })
}
