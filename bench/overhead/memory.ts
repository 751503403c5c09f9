/** The memory of a proxy in a process of its own, with idle keep-alive connections. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { Agent } from 'node:http'
import type { Scene } from './scene'
import { post } from './whole'

const CONNECTIONS = 1_000
/** Fewer at a time than one user may have in flight. */
const AT_A_TIME = 8

/** Megabytes of resident memory. */
export type MemoryUse = {
  /** Open and idle when `connected` was read. */
  readonly connections: number
  readonly started: number
  /** After 1,000 requests over one connection. */
  readonly warm: number
  /** Each connection has sent a request and stays open. */
  readonly connected: number
}

export async function memoryUse(scene: Scene): Promise<MemoryUse> {
  const proxy = spawn(process.execPath, ['--import', 'tsx', 'proxy/main.ts'], {
    env: { ...process.env, ...scene.env, NODE_ENV: 'production' },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const agents: Agent[] = []
  try {
    const url = await readUrl(proxy)
    const started = residentMegabytes(proxy)
    const one = new Agent({ keepAlive: true, maxSockets: 1 })
    agents.push(one)
    for (let i = 0; i < CONNECTIONS; i++) await post(url, scene, one)
    const warm = residentMegabytes(proxy)
    for (let i = 0; i < CONNECTIONS; i += AT_A_TIME) {
      const next = Array.from({ length: AT_A_TIME }, () => new Agent({ keepAlive: true }))
      agents.push(...next)
      await Promise.all(next.map((agent) => post(url, scene, agent)))
    }
    const connected = residentMegabytes(proxy)
    // What the proxy has closed meanwhile does not count.
    const connections = agents.filter(
      (agent) => agent !== one && Object.keys(agent.freeSockets).length > 0,
    )
    return { connections: connections.length, started, warm, connected }
  } finally {
    for (const agent of agents) agent.destroy()
    const gone = new Promise((resolve) => proxy.once('exit', resolve))
    proxy.kill('SIGTERM')
    await gone
  }
}

/** The proxy says on stderr where it listens. */
function readUrl(proxy: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = ''
    proxy.stderr?.on('data', (chunk: Buffer) => {
      said += chunk.toString()
      const url = /http:\S+\/sql/.exec(said)?.[0]
      if (url !== undefined) resolve(url)
    })
    proxy.once('exit', () => {
      reject(new Error(`the proxy did not start: ${said}`))
    })
  })
}

function residentMegabytes({ pid }: ChildProcess): number {
  const { stdout } = spawnSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' })
  return Number(stdout.trim()) / 1024
}
