import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { Agent, request } from 'node:http'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { after, before, test } from 'node:test'
import { startProgram, type Program } from '../../../test/testing/program'
import { startTestProxy, type TestProxy } from '../../../test/testing/proxy'

/** Provides the database and the issuer for the programs that the tests start. */
let proxy: TestProxy
before(async () => {
  proxy = await startTestProxy()
  await proxy.asOwner(
    `create function nap(seconds float) returns void security definer language sql as 'select pg_sleep(seconds)'`,
  )
})
after(() => proxy.stop())

/** Makes each process print its id when it starts. */
const SAY_PID = '--import=data:text/javascript,process.stderr.write(`process:${process.pid}\\n`)'

type Started = Program & { readonly sqlUrl: string; readonly workerPids: () => number[] }

async function withWorkers(
  env: Record<string, string>,
  run: (program: Started) => Promise<void>,
): Promise<void> {
  const program = startProgram({
    ...proxy.variables,
    PROXY_WORKERS: '2',
    PROXY_FUNCTIONS: 'public.nap',
    NODE_OPTIONS: SAY_PID,
    ...env,
  })
  const workerPids = () =>
    [...program.said().matchAll(/process:(\d+)/g)]
      .map(([, pid]) => Number(pid))
      .filter((pid) => pid !== program.child.pid)
  try {
    await run({ ...program, sqlUrl: `${await program.url()}/sql`, workerPids })
  } finally {
    program.child.kill('SIGKILL')
    await program.ended
  }
}

const post = (query: string, sqlUrl: string) => proxy.post({ query, params: [] }, { sqlUrl })
const many = (count: number, query: string, sqlUrl: string) =>
  Promise.all(Array.from({ length: count }, () => post(query, sqlUrl)))

/** Polls until the condition holds. Most conditions ask a process, which bounds the rate. */
async function until(condition: () => Promise<boolean> | boolean): Promise<void> {
  while (!(await condition())) await setImmediate()
}

const isGone = (pid: number) => {
  try {
    return !process.kill(pid, 0)
  } catch {
    return true
  }
}
/** A connection that arrives at the moment of closing may be accepted and never served. */
const refuses = (url: string) =>
  fetch(url.replace('/sql', '/healthz'), {
    headers: { connection: 'close' },
    signal: AbortSignal.timeout(500),
  }).then(
    () => false,
    (error: unknown) => !(error instanceof DOMException),
  )
const isNapping = async (count: number) => {
  const rows = await proxy.asOwner(
    `select from pg_stat_activity where query like 'select public.nap(%' and state = 'active' and usename = 'authenticator'`,
  )
  return rows.length === count
}

test('the configured number of processes share a port, and their log lines stay whole', async () => {
  await withWorkers({}, async ({ sqlUrl, workerPids, child, ended, logged }) => {
    assert.equal(workerPids().length, 2)
    for (let i = 0; i < 20; i++) {
      for (const { json } of await many(8, 'select 1 as one', sqlUrl)) {
        assert.deepEqual(json.rows, [{ one: 1 }])
      }
    }
    child.kill('SIGTERM')
    assert.equal(await ended, 0)
    const lines = logged().trimEnd().split('\n')
    assert.equal(lines.length, 160)
    for (const line of lines) assert.equal((JSON.parse(line) as { status: number }).status, 200)
  })
})

test('once one connection hears that the proxy is ready, every connection does', async () => {
  await withWorkers({ PROXY_WORKERS: '3' }, async ({ sqlUrl }) => {
    const isReady = async () => {
      const response = await fetch(sqlUrl.replace('/sql', '/readyz'), {
        headers: { connection: 'close' },
      })
      await response.body?.cancel()
      return response.status === 200
    }
    await until(isReady)
    // Connections go to the workers in turn.
    for (let i = 0; i < 30; i++) assert.ok(await isReady(), `connection ${i}`)
  })
})

test('SIGTERM lets every worker finish what is in flight', async () => {
  await withWorkers({}, async ({ sqlUrl, workerPids, child, ended, said }) => {
    const answers = many(4, 'select public.nap(1)', sqlUrl)
    await until(() => isNapping(4))
    child.kill('SIGTERM')
    for (const { status } of await answers) assert.equal(status, 200)
    assert.equal(await ended, 0)
    assert.ok(workerPids().every(isGone))
    assert.doesNotMatch(said(), /worker/)
  })
})

test('a second signal ends all workers immediately', async () => {
  await withWorkers({ PROXY_SHUTDOWN_GRACE_MS: '60000' }, async (program) => {
    const { sqlUrl, workerPids, child, ended } = program
    const answers = Promise.allSettled([post('select public.nap(10)', sqlUrl)])
    await until(() => isNapping(1))
    child.kill('SIGTERM')
    await until(() => refuses(sqlUrl))
    // The kernel merges identical pending signals.
    await until(() => !child.kill('SIGTERM'))
    assert.equal(await ended, null)
    await until(() => workerPids().every(isGone))
    const [answer] = await answers
    assert.equal(answer.status, 'rejected')
  })
})

test('a terminal’s signal, which goes to all processes, lets them finish too', async () => {
  await withWorkers({}, async ({ sqlUrl, workerPids, child, ended }) => {
    const answers = many(4, 'select public.nap(1)', sqlUrl)
    await until(() => isNapping(4))
    for (const pid of workerPids()) process.kill(pid, 'SIGINT')
    child.kill('SIGINT')
    for (const { status } of await answers) assert.equal(status, 200)
    assert.equal(await ended, 0)
  })
})

test('a worker that dies is replaced, and the others go on', async () => {
  await withWorkers({}, async ({ sqlUrl, workerPids, says, said }) => {
    const [first = 0] = workerPids()
    process.kill(first, 'SIGKILL')
    await says('A worker ended (SIGKILL).')
    assert.equal((await post('select 1', sqlUrl)).status, 200)
    await says(/process:\d+/, 4)
    assert.equal(workerPids().length, 3)
    for (const { status } of await many(8, 'select 1', sqlUrl)) assert.equal(status, 200)
    assert.match(said(), /A worker ended \(SIGKILL\)\. Another worker starts in 0\.25 s\./)
  })
})

test('workers do not outlive a primary that is killed', async () => {
  await withWorkers({}, async ({ workerPids, child }) => {
    child.kill('SIGKILL')
    await until(() => workerPids().every(isGone))
  })
})

test('SIGHUP reaches every worker', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'proxy-workers-'))
  try {
    const path = join(folder, 'providers.json')
    await writeFile(path, proxy.variables.PROXY_JWT_PROVIDERS ?? '')
    await withWorkers({ PROXY_JWT_PROVIDERS: path }, async ({ child, says }) => {
      child.kill('SIGHUP')
      await says('PROXY_JWT_PROVIDERS was read again', 2)
    })
  } finally {
    await rm(folder, { recursive: true })
  }
})

test('a mistake that prevents all workers from starting is reported once', async () => {
  const other = createServer().listen(0, '127.0.0.1')
  await once(other, 'listening')
  const address = other.address()
  const port = typeof address === 'object' && address ? address.port : 0
  const wrong = [
    { PROXY_PORT: String(port) },
    { PROXY_WORKERS: 'two' },
    { PROXY_ALLOWLIST: '/no/such/list' },
    { PROXY_ALLOWLIST_RECORD: '/no/such/record' },
  ]
  try {
    for (const env of wrong) {
      const { ended, said } = startProgram({ ...proxy.variables, PROXY_WORKERS: '3', ...env })
      assert.equal(await ended, 1)
      const [sentence = '', ...more] = said().split('\n')
      assert.match(sentence, new RegExp(env.PROXY_PORT ?? Object.keys(env).join('')))
      assert.deepEqual(more, [''])
    }
  } finally {
    other.close()
  }
})

test('requests on one worker count on the other', async () => {
  const env = { PROXY_RATE_LIMIT: '0.001', PROXY_RATE_LIMIT_PER_ADDRESS: '1000000' }
  await withWorkers(env, async ({ sqlUrl }) => {
    const users = Array.from({ length: 300 }, (_, i) => `user ${i}`)
    const tokens = await Promise.all(users.map((user) => proxy.issuer.token(user)))
    // Separate connections, which the primary distributes in turn.
    const [one, other] = [keptAlive(), keptAlive()]
    for (const token of tokens) assert.equal(await one.status(sqlUrl, token), 200)
    const statuses: number[] = []
    for (const token of tokens) statuses.push(await other.status(sqlUrl, token))
    assert.ok(statuses.includes(429))
    one.close()
    other.close()
  })
})

/** Sends all requests over one connection. */
function keptAlive() {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  return {
    status: (sqlUrl: string, token: string) =>
      new Promise<number>((resolve, reject) => {
        const headers = {
          'neon-connection-string': proxy.connectionString,
          authorization: `Bearer ${token}`,
        }
        request(sqlUrl, { method: 'POST', agent, headers }, (response) => {
          response.resume().on('end', () => {
            resolve(response.statusCode ?? 0)
          })
        })
          .on('error', reject)
          .end('{"query":"select 1","params":[]}')
      }),
    close: () => {
      agent.destroy()
    },
  }
}
