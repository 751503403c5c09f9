import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { Client } from 'pg'
import { DatabaseError } from '../../install/database-error'
import { TSX } from '../testing/paths'
import { startPostgres, type Postgres } from './embedded'
import { resetPostgres } from './reset'
import { freePort } from './test-server'

const EMBEDDED = new URL('./embedded.ts', import.meta.url).href

let folder: string
let dataDir: string
let port: number
let running: Postgres[]

beforeEach(async () => {
  // Only its owner can enter it, and it has a space: both as a checkout may be.
  folder = mkdtempSync(join(tmpdir(), 'embedded postgres-'))
  dataDir = join(folder, '.data', 'postgres')
  port = await freePort()
  running = []
})

afterEach(async () => {
  for (const postgres of running) await postgres.stop()
  rmSync(folder, { recursive: true, force: true })
})

type Start = { password?: string; durable?: boolean; assertPortFree?: () => Promise<void> }

async function start({ password = 'secret', durable = false, assertPortFree }: Start = {}) {
  const postgres = await startPostgres({
    dataDir,
    port,
    password,
    database: 'wanted',
    durable,
    ...(assertPortFree === undefined ? {} : { assertPortFree }),
  })
  running.push(postgres)
  return postgres
}

async function ask(url: string, sql: string): Promise<unknown[]> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    const { rows } = await client.query<unknown[]>({ text: sql, rowMode: 'array' })
    return rows[0] ?? []
  } finally {
    await client.end()
  }
}

/** Starts Postgres from a program of its own, which `signal` then kills; or which goes on. */
async function startElsewhere(signal: NodeJS.Signals | null) {
  const script = `
    import { startPostgres } from ${JSON.stringify(EMBEDDED)}
    const options = JSON.parse(process.env.OPTIONS)
    startPostgres(options).then(() => { console.log('ready'); setInterval(() => {}, 1000) })`
  const child = spawn(process.execPath, ['--import', TSX, '--input-type=module', '-e', script], {
    env: {
      ...process.env,
      OPTIONS: JSON.stringify({ dataDir, port, password: 'secret', database: 'wanted' }),
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await once(child.stdout, 'data')
  const kill = async (how: NodeJS.Signals) => {
    child.kill(how)
    await once(child, 'exit')
  }
  if (signal !== null) await kill(signal)
  return kill
}

const pidFile = () => join(dataDir, 'cluster', 'postmaster.pid')

const sentence = (words: RegExp) => (error: unknown) => {
  assert(error instanceof DatabaseError, String(error))
  assert.match(error.message, words)
  assert.doesNotMatch(error.message, /secret/)
  return true
}

describe('the embedded Postgres', () => {
  test('is a PostgreSQL 18 with the database that was asked for', async () => {
    const { url } = await start()
    const [version, database] = await ask(
      url,
      `select current_setting('server_version_num')::int / 10000, current_database()`,
    )
    assert.deepEqual([version, database], [18, 'wanted'])
  })

  test('can be reached from this machine only, with a password', async () => {
    const { url } = await start()
    assert.deepEqual(
      await ask(
        url,
        `select current_setting('listen_addresses'), current_setting('unix_socket_directories'),
                (select array_agg(distinct auth_method) from pg_hba_file_rules)`,
      ),
      ['127.0.0.1', '', ['scram-sha-256']],
    )
    await assert.rejects(ask(url.replace('secret', 'guess'), 'select 1'), { code: '28P01' })
  })

  test('writes confirmed data to disk, and sorts the same on every machine', async () => {
    const { url } = await start({ durable: true })
    assert.deepEqual(
      await ask(
        url,
        `select current_setting('fsync'), current_setting('server_encoding'),
                current_setting('TimeZone'), datlocprovider, datlocale
         from pg_database where datname = current_database()`,
      ),
      ['on', 'UTF8', 'UTC', 'b', 'C.UTF-8'],
    )
  })

  test('keeps its data from one start to the next', async () => {
    const first = await start()
    await ask(first.url, 'create table kept as select 42 as answer')
    await first.stop()
    assert(!existsSync(pidFile()))
    const second = await start()
    assert.deepEqual(await ask(second.url, 'select answer from kept'), [42])
  })

  test('takes a new password when the old one is lost, and keeps the data', async () => {
    const first = await start({ password: 'lost' })
    await ask(first.url, 'create table kept as select 42 as answer')
    await first.stop()
    const second = await start({ password: `it's "new" \\ $1` })
    assert.deepEqual(await ask(second.url, 'select answer from kept'), [42])
  })

  test('can be stopped twice', async () => {
    const postgres = await start()
    await Promise.all([postgres.stop(), postgres.stop()])
    await postgres.stop()
  })

  test('is gone when the program that started it has been killed', async () => {
    await startElsewhere('SIGKILL')
    const deadline = Date.now() + 20_000
    while (existsSync(pidFile())) {
      assert(Date.now() < deadline, 'Postgres still runs')
      await wait(10)
    }
  })

  test('starts again at once after its program was killed, with the data', async () => {
    await startElsewhere('SIGKILL')
    const { url } = await start()
    assert.deepEqual(await ask(url, 'select 1'), [1])
  })

  test('is emptied by a reset', async () => {
    const first = await start()
    await ask(first.url, 'create table kept as select 42 as answer')
    await first.stop()
    await resetPostgres(dataDir)
    assert(!existsSync(dataDir))
    const second = await start()
    assert.deepEqual(await ask(second.url, `select to_regclass('kept')`), [null])
  })

  test('discards an interrupted initialisation', async () => {
    const halfDone = join(dataDir, 'cluster.new')
    mkdirSync(halfDone, { recursive: true })
    writeFileSync(join(halfDone, 'PG_VERSION'), '18\n')
    writeFileSync(join(dataDir, 'password'), 'left over')
    const { url } = await start()
    assert.deepEqual(await ask(url, 'select 1'), [1])
    assert(!existsSync(halfDone))
    assert(!existsSync(join(dataDir, 'password')))
  })

  test('does not mistake another program with its old process id for itself', async () => {
    await (await start()).stop()
    writeFileSync(pidFile(), `${process.pid}\n`)
    const { url } = await start()
    assert.deepEqual(await ask(url, 'select 1'), [1])
  })
})

describe('a mistake is one sentence', () => {
  test('a taken port, in Postgres’ words or in the caller’s', async () => {
    const other = createServer().listen(port, '127.0.0.1')
    await once(other, 'listening')
    try {
      await assert.rejects(start(), sentence(/Postgres did not start.*in use/s))
      const assertPortFree = () => Promise.reject(new DatabaseError(`Port ${port} is taken.`))
      await assert.rejects(
        start({ assertPortFree }),
        sentence(new RegExp(`^Port ${port} is taken`)),
      )
    } finally {
      other.close()
    }
  })

  test('a second start while the first is running, which continues', async () => {
    const kill = await startElsewhere(null)
    try {
      await assert.rejects(start(), sentence(/already runs.*stop that one first/))
      await assert.rejects(resetPostgres(dataDir), sentence(/already runs/))
      const url = `postgresql://postgres:secret@127.0.0.1:${port}/wanted`
      assert.deepEqual(await ask(url, 'select 1'), [1])
    } finally {
      await kill('SIGKILL')
      // Its watchdog is at it already; this waits for the end.
      await (await start()).stop()
    }
  })

  test('data of another major version', async () => {
    mkdirSync(join(dataDir, 'cluster'), { recursive: true })
    writeFileSync(join(dataDir, 'cluster', 'PG_VERSION'), '15\n')
    await assert.rejects(start(), sentence(/PostgreSQL 15, and this is PostgreSQL 18.*--reset/))
  })

  test('a folder that holds something else', async () => {
    mkdirSync(join(dataDir, 'cluster'), { recursive: true })
    await assert.rejects(start(), sentence(/is not a PostgreSQL data directory/))
  })
})
