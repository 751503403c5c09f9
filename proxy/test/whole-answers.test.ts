/** While there is memory, a failed answer of any length is an ordinary error. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { request, type IncomingMessage } from 'node:http'
import { after, before, test } from 'node:test'
import { startTestProxy, type OneProxy, type TestProxy } from './testing/proxy'

let proxy: TestProxy
/** Memory for one answer of 4 to 6 MB. */
let small: OneProxy
before(async () => {
  proxy = await startTestProxy()
  small = await proxy.another({
    env: {
      PROXY_ANSWER_MEMORY_BYTES: String(6 * 1024 * 1024),
      PROXY_FUNCTIONS: 'public.wait_for_owner',
    },
  })
  await proxy.asOwner(
    `create function wait_for_owner() returns void security definer language sql as 'select pg_advisory_lock(7)'`,
  )
  await proxy.asOwner('create table late (n int unique deferrable initially deferred)')
  await proxy.asOwner('grant select, insert on late to authenticated')
})
after(() => proxy.stop())

/** About 60 bytes of JSON per row. */
const rows = (count: number, more = '') =>
  `select n, md5(n::text) as hash${more} from generate_series(1, ${count}) as t(n)`
const ROWS = 80_000

/** Resolves when the answer's head has arrived, with the body unread. */
async function begin(query: string, sqlUrl = small.sqlUrl): Promise<IncomingMessage> {
  const outgoing = request(sqlUrl, {
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

async function read(incoming: IncomingMessage): Promise<{ rowCount: number }> {
  let text = ''
  for await (const chunk of incoming.setEncoding('utf8')) text += String(chunk)
  return JSON.parse(text) as { rowCount: number }
}

const isWhole = ({ headers }: IncomingMessage) => headers['content-length'] !== undefined

test('a late failure says why, and what to do', async () => {
  const divided = await proxy.post({ query: rows(99_000, ', 1 / (90_000 - n) as q') })
  assert.deepEqual([divided.status, divided.json.code], [400, '22012'])

  const tooLong = await proxy.post({ query: rows(200_000) })
  assert.deepEqual([tooLong.status, tooLong.json.code], [507, '54000'])
  assert.match(String(tooLong.json.hint), /LIMIT.*PROXY_MAX_ROWS/)
  const tooLarge = await proxy.post({
    query: rows(90_000, ', md5(n::text) || md5(n::text) || md5(n::text) as pad'),
  })
  assert.deepEqual([tooLarge.status, tooLarge.json.code], [507, '54000'])
  assert.match(String(tooLarge.json.hint), /LIMIT.*PROXY_MAX_ANSWER_BYTES/)

  for (const body of [
    { query: 'insert into late select 1 from generate_series(1, 90000) returning n, md5(n::text)' },
    { queries: [{ query: 'insert into late values (1), (1)' }, { query: rows(50_000) }] },
  ]) {
    const { status, json } = await proxy.post(body)
    assert.deepEqual([status, json.code, json.constraint], [400, '23505', 'late_n_key'])
  }
})

test('a long answer has a length, and frees its memory', async () => {
  for (let i = 0; i < 5; i++) {
    assert.equal((await read(await beginWhole())).rowCount, ROWS)
    const failed = { query: rows(90_000, ', 1 / (80_000 - n) as q') }
    assert.equal((await proxy.post(failed)).json.code, '22012')
    const left = await beginWhole()
    left.destroy()
    await once(left, 'close')
  }
  assert.equal((await read(await beginWhole())).rowCount, ROWS)
})

/** The proxy learns a little later than its client that an answer has been read or abandoned. */
async function beginWhole(): Promise<IncomingMessage> {
  for (const started = Date.now(); Date.now() - started < 10_000;) {
    const incoming = await begin(rows(ROWS))
    if (isWhole(incoming)) return incoming
    await read(incoming)
  }
  assert.fail('the memory was not given back')
}

test('while another answer holds the memory, a long one comes in chunks and is correct', async () => {
  await proxy.asOwner('select pg_advisory_lock(7)')
  const held = begin(rows(ROWS, `, case when n = ${ROWS} then public.wait_for_owner() end as last`))
  for (;;) {
    const waiting = await proxy.asOwner(
      `select from pg_locks where locktype = 'advisory' and not granted`,
    )
    if (waiting.length > 0) break
  }
  const other = await begin(rows(ROWS))
  assert.ok(!isWhole(other))
  assert.equal((await read(other)).rowCount, ROWS)
  await proxy.asOwner('select pg_advisory_unlock(7)')
  const whole = await held
  assert.ok(isWhole(whole))
  assert.equal((await read(whole)).rowCount, ROWS)
})
