/** The libpq of PostgreSQL 18 signs in through the issuer's device flow, without a pasted token. */
import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { text } from 'node:stream/consumers'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { findBinaries } from '../postgres/binaries'
import { startTestProxy, type TestProxy } from '../testing/proxy'

const SCRIPT = fileURLToPath(new URL('../testing/libpq-oauth.py', import.meta.url))
/** It comes with the tests' own Postgres. */
const LIBPQ = join(dirname(dirname(findBinaries(null).postgres)), 'lib', 'libpq.so.5')

const canRun = existsSync(LIBPQ) && spawnSync('python3', ['--version']).status === 0

let proxy: TestProxy
before(async () => {
  proxy = await startTestProxy({ env: { PROXY_TCP_PORT: '0' } })
})
after(() => proxy.stop())

/** Connects as libpq does, approves as the user, and returns what the statements have answered. */
async function signIn(
  user: string,
  statements: readonly string[],
  issuer = proxy.issuer.url,
): Promise<{ lines: string[]; stderr: string }> {
  const database = new URL(proxy.ownerUrl).pathname.slice(1)
  const conninfo = `host=127.0.0.1 port=${proxy.tcpPort} user=authenticated dbname=${database} oauth_issuer=${issuer} oauth_client_id=psql options='-c auth.method=oauth'`
  const child = spawn('python3', [SCRIPT, LIBPQ, conninfo, ...statements], {
    // libpq trusts an issuer without TLS only so.
    env: { ...process.env, PGOAUTHDEBUG: 'UNSAFE' },
    timeout: 60_000,
  })
  let stdout = ''
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    stdout += chunk
    const [, code] = /enter the code: (\w+)\n/.exec(stdout) ?? []
    if (code !== undefined) proxy.issuer.approve(code, user)
  })
  const [stderr] = await Promise.all([text(child.stderr), once(child, 'close')])
  return { lines: stdout.split('\n').slice(1, -1), stderr }
}

test(
  'a user approves the code, and the session runs CRUD in a transaction',
  { skip: !canRun },
  async () => {
    const { lines, stderr } = await signIn('alice', [
      'select auth.user_id()',
      'begin',
      `insert into memos (body) values ('by libpq') returning user_id`,
      `update memos set body = 'changed' returning body`,
      'commit',
      'select body from memos',
      'delete from memos returning body',
      'drop table memos',
    ])
    assert.deepEqual(
      lines.slice(0, -1),
      ['[["alice"]]', '[]', '[["alice"]]', '[["changed"]]', '[]', '[["changed"]]', '[["changed"]]'],
      stderr,
    )
    assert.match(lines.at(-1) ?? '', /^ERROR: +statement refused by the proxy/)
  },
)

test(
  'libpq gives no token to an issuer that the client did not name',
  { skip: !canRun },
  async () => {
    const { lines, stderr } = await signIn('alice', ['select 1'], 'https://issuer.example.com')
    assert.deepEqual(lines, [])
    assert.match(stderr, /is incompatible with oauth_issuer/)
  },
)
