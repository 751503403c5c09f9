/** Sessions over TCP: TLS and its absence, psql and node-postgres by token, the driver of another language. */
import assert from 'node:assert/strict'
import { execFile, spawnSync } from 'node:child_process'
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs'
import { connect as connectTcp } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import { connect as connectTls, type TLSSocket } from 'node:tls'
import { promisify } from 'node:util'
import { Client, Pool } from 'pg'
import { createTcpServer } from '../../src/session/tcp'
import { message, text } from '../../src/session/to-client'
import { createCertificate } from '../testing/certificate'
import { startTestProxy, type OneProxy, type TestProxy } from '../testing/proxy'
import { until } from '../testing/until'
import {
  errorOf,
  logIn,
  openTcp,
  packet,
  shown,
  simple,
  startup,
  TERMINATE,
  wireOf,
} from '../testing/wire'

const run = promisify(execFile)
const SSL_REQUEST = packet(80877103)

const path = (name: string) => join(folder, name)

let proxy: TestProxy
let encrypted: OneProxy
let folder: string
let database: string
before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tcp-'))
  for (const name of ['first', 'second']) createCertificate(folder, name)
  for (const kind of ['cert', 'key']) copyFileSync(path(`first.${kind}`), path(kind))
  proxy = await startTestProxy({ env: { PROXY_TCP_PORT: '0' } })
  encrypted = await proxy.another({
    env: { PROXY_TCP_PORT: '0', PROXY_TLS_CERT: path('cert'), PROXY_TLS_KEY: path('key') },
  })
  database = new URL(proxy.ownerUrl).pathname.slice(1)
})
after(async () => {
  await proxy.stop()
  rmSync(folder, { recursive: true })
})

const token = (user: string) => proxy.issuer.token(user)

describe('without a certificate, on this machine', () => {
  test('sessions are in clear, and encryption is declined', async () => {
    const wire = await openTcp(proxy.tcpPort)
    const first = new Promise((resolve) => wire.stream.once('data', resolve))
    wire.send(SSL_REQUEST)
    assert.equal(String(await first), 'N')
    wire.close()
    const plain = await openTcp(proxy.tcpPort)
    await logIn(plain, { password: await token('alice'), database })
    plain.send(simple('select auth.user_id()'))
    assert.deepEqual(shown(await plain.until('Z')), ['T', 'D:alice', 'C:SELECT 1', 'Z:I'])
    plain.close()
  })

  test('a client from elsewhere is refused before it can send its token', async () => {
    const server = createTcpServer({
      sessions: { serve: () => assert.fail('it must not be served') },
      clientAddress: (address) => address ?? '',
      secureContext: () => undefined,
    })
    // As if it came through the network.
    server.prependListener('connection', (socket) => {
      Object.defineProperty(socket, 'remoteAddress', { value: '192.0.2.1' })
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const address = server.address()
    const wire = await openTcp(typeof address === 'object' && address ? address.port : 0)
    wire.send(startup({ user: 'authenticated', database }))
    const [error] = await wire.rest()
    assert.match(errorOf(error?.body ?? Buffer.alloc(0)).M ?? '', /TLS only/)
    server.close()
  })
})

describe('a client that has left keeps no connection', () => {
  const cancelRequest = packet(80877102, Buffer.alloc(8))
  const login = startup({ user: 'authenticated', database: 'any' })
  for (const [what, bytes] of [
    ['bytes behind a request to cancel', [cancelRequest, Buffer.from('more')]],
    ['good-bye instead of a password', [login, TERMINATE, Buffer.from('more')]],
    ['bytes behind a refused startup', [startup({}), Buffer.from('more')]],
  ] as const) {
    test(what, async () => {
      const wire = await openTcp(proxy.tcpPort, true)
      wire.send(...bytes)
      await wire.rest()
      // Only a connection that is gone on the other side refuses bytes.
      await until(async () => {
        wire.stream.write('more')
        await setImmediate()
        return wire.stream.destroyed
      })
    })
  }
})

describe('with a certificate', () => {
  const handshake = (socket: TLSSocket) =>
    new Promise<TLSSocket>((resolve, reject) => {
      socket.once('secureConnect', () => {
        resolve(socket)
      })
      socket.once('error', reject)
      socket.once('close', () => {
        reject(new Error('closed'))
      })
    })
  const negotiated = async () => {
    const socket = connectTcp(encrypted.tcpPort, '127.0.0.1')
    socket.write(SSL_REQUEST)
    const answer = await new Promise((resolve) => socket.once('data', resolve))
    assert.equal(String(answer), 'S')
    return handshake(connectTls({ socket, rejectUnauthorized: false, servername: 'localhost' }))
  }
  const direct = (ALPNProtocols?: string[]) =>
    handshake(
      connectTls({
        ...{ port: encrypted.tcpPort, host: '127.0.0.1', rejectUnauthorized: false },
        ...(ALPNProtocols ? { ALPNProtocols } : {}),
      }),
    )

  for (const [how, open] of [
    ['after an SSLRequest', negotiated],
    ['directly, with ALPN', () => direct(['postgresql'])],
  ] as const) {
    test(`a session is encrypted ${how}`, async () => {
      const wire = wireOf(await open())
      await logIn(wire, { password: await token('alice'), database })
      wire.send(simple('select auth.user_id()'))
      assert.deepEqual(shown(await wire.until('Z')), ['T', 'D:alice', 'C:SELECT 1', 'Z:I'])
      wire.close()
    })
  }

  test('direct TLS without ALPN, or for another protocol, is refused', async () => {
    await assert.rejects(direct(['http/1.1']))
    const wire = wireOf(await direct())
    assert.deepEqual(await wire.rest(), [])
  })

  test('bytes in clear behind an SSLRequest are refused', async () => {
    const wire = await openTcp(encrypted.tcpPort)
    wire.send(SSL_REQUEST, startup({ user: 'authenticated', database }))
    assert.deepEqual(shown(await wire.rest()), ['E:08P01'])
  })

  test('a new certificate counts for the next client, without a restart', async () => {
    const subject = async () => {
      const socket = await negotiated()
      const { CN } = socket.getPeerCertificate().subject
      socket.destroy()
      return CN
    }
    assert.equal(await subject(), 'first')
    for (const kind of ['cert', 'key']) copyFileSync(path(`second.${kind}`), path(kind))
    await until(async () => (await subject()) === 'second')
  })

  test('node-postgres verifies it', async () => {
    const client = new Client({
      ...{ host: 'localhost', port: encrypted.tcpPort, user: 'authenticated', database },
      password: () => token('alice'),
      ssl: { ca: [], rejectUnauthorized: false },
    })
    await client.connect()
    assert.deepEqual((await client.query('select auth.user_id() as me')).rows, [{ me: 'alice' }])
    await client.end()
  })
})

test('node-postgres’ Pool: transactions by token, each connection with a fresh one', async () => {
  const pool = new Pool({
    ...{ host: '127.0.0.1', port: proxy.tcpPort, user: 'authenticated', database, max: 3 },
    password: () => token('carol'),
  })
  const client = await pool.connect()
  await client.query('begin isolation level repeatable read')
  await client.query('insert into memos (body) values ($1)', ['a'])
  await client.query({ name: 'count', text: 'select count(*)::int as n from memos' })
  await client.query('savepoint s')
  await client.query('insert into memos (body) values ($1)', ['b'])
  await client.query('rollback to s')
  await client.query('commit')
  client.release()
  const rows = await Promise.all(
    Array.from({ length: 6 }, () => pool.query('select body from memos')),
  )
  for (const { rows: found } of rows) assert.deepEqual(found, [{ body: 'a' }])
  await assert.rejects(pool.query('create table x ()'), { code: '42501' })
  await pool.end()
})

const psql = spawnSync('psql', ['--version']).status === 0

test('psql: queries, transactions, and what it says at an error', { skip: !psql }, async () => {
  const conninfo = `host=127.0.0.1 port=${proxy.tcpPort} user=authenticated dbname=${database}`
  const ask = async (...commands: string[]) => {
    const args = ['-X', '-A', '-t', conninfo, ...commands.flatMap((one) => ['-c', one])]
    const env = { ...process.env, PGPASSWORD: await token('dave') }
    return run('psql', args, { env }).catch(
      (error: unknown) => error as { stdout: string; stderr: string },
    )
  }
  const inserted = await ask(`insert into memos (body) values ('one') returning user_id`)
  assert.match(inserted.stdout, /^dave\n/)
  const { stdout } = await ask('begin', 'delete from memos', 'rollback', 'select body from memos')
  assert.match(stdout, /BEGIN\nDELETE 1\nROLLBACK\none\n/)
  assert.match((await ask('select 1 / 0')).stderr, /division by zero/)
  assert.match((await ask('drop table memos')).stderr, /statement refused by the proxy/)
  const described = await ask('\\d memos', '\\dt')
  assert.match(described.stdout, /^user_id\|text\|\|not null\|auth.user_id\(\)$/m)
  assert.equal(described.stderr, '')
  assert.match(
    (await ask('select reltuples from pg_catalog.pg_class')).stderr,
    /not open to queries/,
  )
})

const python = spawnSync('python3', ['-c', 'import psycopg']).status === 0

test('psycopg: transactions and server-side cursors', { skip: !python }, async () => {
  const script = `
import os, psycopg
with psycopg.connect(os.environ['CONNINFO']) as c:
    with c.transaction():
        c.execute('insert into memos (body) values (%s)', ['a'])
        try:
            with c.transaction():
                c.execute('insert into memos (body) values (%s)', ['b'])
                raise ValueError()
        except ValueError: pass
    with c.cursor(name='rows', binary=True) as cursor:
        cursor.execute('select n from generate_series(1, 5) as g(n)')
        print([n for (n,) in cursor])
    print(c.execute('select user_id, body from memos').fetchall())
`
  const env = {
    ...process.env,
    CONNINFO: `host=127.0.0.1 port=${proxy.tcpPort} user=authenticated dbname=${database} password=${await token('erin')}`,
  }
  const { stdout } = await run('python3', ['-c', script], { env })
  assert.equal(stdout, `[1, 2, 3, 4, 5]\n[('erin', 'a')]\n`)
})

test('passwords, where they are allowed: any statement, and settings that last', async () => {
  const { username, password } = new URL(proxy.ownerUrl)
  const open = await proxy.another({
    env: { PROXY_TCP_PORT: '0', PROXY_PASSWORD_ROLES: decodeURIComponent(username) },
  })
  const client = new Client({
    ...{ host: '127.0.0.1', port: open.tcpPort, user: decodeURIComponent(username), database },
    password: decodeURIComponent(password),
  })
  await client.connect()
  await client.query('create table by_password (n int)')
  await client.query('set search_path = pg_catalog')
  await client.query('create temp table mine as select 1 as n')
  assert.deepEqual((await client.query('select n from mine')).rows, [{ n: 1 }])
  assert.deepEqual((await client.query('show search_path')).rows, [{ search_path: 'pg_catalog' }])
  await client.query('begin; drop table public.by_password; commit')
  await client.query('vacuum pg_catalog.pg_enum')
  await assert.rejects(client.query('copy pg_catalog.pg_class to stdout'), { code: '0A000' })
  await client.end()
  for (const [user, secret] of [
    [decodeURIComponent(username), 'wrong'],
    ['authenticator', 'wrong'],
  ]) {
    const stranger = new Client({
      ...{ host: '127.0.0.1', port: open.tcpPort, user, database, password: secret },
    })
    await assert.rejects(stranger.connect(), { code: '28P01' })
  }
  const closed = await openTcp(proxy.tcpPort)
  closed.send(startup({ user: 'postgres', database }), message('p', text('wrong')))
  assert.equal(errorOf((await closed.rest()).at(-1)?.body ?? Buffer.alloc(0)).C, '28000')
})
