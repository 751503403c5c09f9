/** The real PgBouncer, in both modes and with the settings that hide it best: no answer may be wrong. */
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startTestProxy } from '../../proxy/test/testing/proxy'
import { startTestDatabase } from '../postgres/testing/test-database'
import type { Finding } from './finding'

const REQUESTS = 200

export function hasPgBouncer(): boolean {
  return spawnSync('pgbouncer', ['--version']).status === 0
}

export async function pgBouncer(mode: 'transaction' | 'session'): Promise<Finding> {
  const proxy = await startTestProxy({}, startTestDatabase)
  const pooler = await start(proxy.authenticatorUrl, mode)
  const one = await proxy.another({ env: { PROXY_DATABASE_URL: pooler.url } })
  const counts = { right: 0, wrong: 0, refused: 0 }
  let said = ''
  await Promise.all(
    Array.from({ length: REQUESTS }, async (_, i) => {
      const token = await proxy.issuer.token(`user ${i % 20}`)
      const body = { query: `select auth.user_id() as "user", ${i} as n` }
      const { status, json } = await proxy.post(body, { sqlUrl: one.sqlUrl, token })
      const right = JSON.stringify([{ user: `user ${i % 20}`, n: i }])
      if (status !== 200) counts.refused++
      else if (JSON.stringify(json.rows) === right) counts.right++
      else counts.wrong++
      if (status !== 200) said = String(json.message)
    }),
  )
  await one.close()
  await proxy.stop()
  await pooler.stop()
  return {
    name: `PgBouncer, pool_mode = ${mode}, ignore_startup_parameters = options`,
    isGood: counts.wrong === 0 && said.includes('connection pooler'),
    figures: {
      'right answers': counts.right,
      'wrong answers': counts.wrong,
      refused: counts.refused,
    },
  }
}

async function start(authenticatorUrl: string, mode: string) {
  const real = new URL(authenticatorUrl)
  const port = await freePort()
  const folder = mkdtempSync(join(tmpdir(), 'chaos-pgbouncer-'))
  const ini = join(folder, 'pgbouncer.ini')
  const users = join(folder, 'users.txt')
  writeFileSync(users, `"authenticator" "${decodeURIComponent(real.password)}"\n`)
  writeFileSync(
    ini,
    `[databases]
* = host=${real.hostname} port=${real.port}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = plain
auth_file = ${users}
pool_mode = ${mode}
default_pool_size = 5
ignore_startup_parameters = options,extra_float_digits
`,
  )
  chmodSync(folder, 0o755)
  // It refuses to run as root.
  const isRoot = process.getuid?.() === 0
  const child = spawn('pgbouncer', [...(isRoot ? ['-u', 'nobody'] : []), ini], { stdio: 'ignore' })
  await untilListening(port)
  const url = new URL(authenticatorUrl)
  url.hostname = '127.0.0.1'
  url.port = String(port)
  return {
    url: url.href,
    stop: async () => {
      child.kill('SIGINT')
      if (child.exitCode === null) await once(child, 'exit')
      rmSync(folder, { recursive: true })
    },
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  return typeof address === 'object' && address !== null ? address.port : 0
}

async function untilListening(port: number): Promise<void> {
  for (let left = 100; left > 0; left--) {
    const socket = connect(port, '127.0.0.1')
    const isThere = await new Promise<boolean>((resolve) => {
      socket.once('connect', () => {
        resolve(true)
      })
      socket.once('error', () => {
        resolve(false)
      })
    })
    socket.destroy()
    if (isThere) return
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error('PgBouncer did not start')
}
