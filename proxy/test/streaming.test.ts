import assert from 'node:assert/strict'
import { once } from 'node:events'
import { request, type IncomingMessage } from 'node:http'
import { after, before, test } from 'node:test'
import { startTestProxy, type TestProxy } from './testing/proxy'

let proxy: TestProxy
before(async () => {
  proxy = await startTestProxy({
    // No memory for answers that are kept whole.
    env: { PROXY_MAX_ANSWER_BYTES: String(64 * 1024 * 1024), PROXY_ANSWER_MEMORY_BYTES: '1024' },
  })
})
after(() => proxy.stop())

/** About 60 bytes of JSON per row, so that 50,000 rows exceed what is kept whole. */
const rows = (count: number, more = '') =>
  `select n, md5(n::text) as hash${more} from generate_series(1, ${count}) as t(n)`

/** Resolves when the answer's head has arrived, with the body unread. */
async function begin(query: string): Promise<IncomingMessage> {
  const outgoing = request(proxy.sqlUrl, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${await proxy.issuer.token('alice')}`,
      'neon-connection-string': proxy.connectionString,
    },
  })
  outgoing.end(JSON.stringify({ query }))
  const [incoming] = (await once(outgoing, 'response')) as [IncomingMessage]
  return incoming
}

async function read(incoming: IncomingMessage): Promise<string> {
  let text = ''
  for await (const chunk of incoming.setEncoding('utf8')) text += String(chunk)
  return text
}

/** Waits until this many sessions are busy in Postgres, optionally with this wait event. */
async function until(count: number, waitEvent = '%'): Promise<void> {
  for (const started = Date.now(); Date.now() - started < 10_000;) {
    const found = await proxy.asOwner(
      `select 1 from pg_stat_activity where state = 'active' and usename = 'authenticator' and coalesce(wait_event, '') like $1`,
      [waitEvent],
    )
    if (found.length === count) return
  }
  assert.fail(`there are not ${count} sessions at work`)
}

test('a short answer has a length, a long one comes in chunks, and both are complete', async () => {
  for (const count of [10, 50_000]) {
    const incoming = await begin(rows(count))
    const isLong = incoming.headers['content-length'] === undefined
    assert.equal(isLong, count === 50_000)
    const text = await read(incoming)
    const json = JSON.parse(text) as { rows: { n: number; hash: string }[]; rowCount: number }
    assert.equal(json.rowCount, count)
    assert.deepEqual(
      json.rows.map(({ n }) => n),
      Array.from({ length: count }, (_, i) => i + 1),
    )
  }
})

test('the long answers of a batch come in order', async () => {
  const { json } = await proxy.post({ queries: [{ query: rows(40_000) }, { query: rows(3) }] })
  const results = json.results as { rowCount: number; rows: unknown[] }[]
  assert.deepEqual(
    results.map(({ rowCount, rows }) => [rowCount, rows.length]),
    [
      [40_000, 40_000],
      [3, 3],
    ],
  )
})

test('an answer that fails half-way is cut off, so that no client takes it for complete', async () => {
  for (const query of [rows(99_000, ', 1 / (90_000 - n) as q'), rows(200_000)]) {
    const incoming = await begin(query)
    assert.equal(incoming.statusCode, 200)
    await assert.rejects(read(incoming), /aborted/)
    await until(0)
    assert.equal((await proxy.post({ query: 'select 1' })).status, 200)
  }
  assert.deepEqual(
    proxy.log.map(({ code }) => code).filter((code) => code !== undefined),
    ['postgres_error', 'answer_too_large'],
  )
})

test('an answer that fails before it is sent is an ordinary error', async () => {
  const { status, json } = await proxy.post({ query: rows(99, ', 1 / (90 - n) as q') })
  assert.equal(status, 400)
  assert.equal(json.code, '22012')
})

/** More than the buffers of both sockets and of the proxy hold. */
const LONG = `select n, pad from generate_series(1, 90000) as t(n), (select string_agg(md5(i::text), '') as pad from generate_series(1, 5) as s(i)) as p`

test('while a client reads nothing, Postgres waits and others are served', async () => {
  const incoming = await begin(LONG)
  await until(1, 'ClientWrite')
  assert.equal((await proxy.post({ query: 'select 1' })).status, 200)
  const json = JSON.parse(await read(incoming)) as { rowCount: number }
  assert.equal(json.rowCount, 90_000)
})

test('when its client disconnects, the statement of a long answer ends', async () => {
  const incoming = await begin(LONG)
  await until(1, 'ClientWrite')
  incoming.destroy()
  await until(0)
})
