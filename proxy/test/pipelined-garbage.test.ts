/** A request gets its own answer and nothing else, whatever follows it on the connection. */
import assert from 'node:assert/strict'
import { connect } from 'node:net'
import { after, before, describe, test } from 'node:test'
import { startTestProxy, type TestProxy } from './testing/proxy'
import { until } from './testing/until'

let proxy: TestProxy
before(async () => {
  proxy = await startTestProxy({
    env: {
      PROXY_POOL_SIZE: '2',
      PROXY_FUNCTIONS: 'public.nap',
      // Forces long answers into chunks.
      PROXY_ANSWER_MEMORY_BYTES: '1024',
    },
  })
  await proxy.asOwner(
    `create function nap(seconds float) returns text security definer language sql as $$select pg_sleep(seconds); select 'rested'$$`,
  )
})
after(() => proxy.stop())

const requestOf = async (query: string) => {
  const body = JSON.stringify({ query })
  return (
    `POST /sql HTTP/1.1\r\nHost: x\r\nNeon-Connection-String: ${proxy.connectionString}\r\n` +
    `Authorization: Bearer ${await proxy.issuer.token('alice')}\r\nContent-Length: ${body.length}\r\n\r\n${body}`
  )
}

type Sent = { readonly first: string; readonly more?: readonly string[]; readonly ends?: boolean }

/** Writes, continues once an answer arrives, optionally ends its side, and reads to the end. */
function send({ first, more = [], ends = false }: Sent): Promise<string> {
  const { hostname, port } = new URL(proxy.url)
  return new Promise((resolve, reject) => {
    let text = ''
    const socket = connect(
      { port: Number(port), host: hostname, allowHalfOpen: true, noDelay: true },
      () => {
        if (ends && more.length === 0) socket.end(first)
        else socket.write(first)
      },
    )
    socket.once('data', () => {
      for (const bytes of more) socket.write(bytes)
      if (ends) socket.end()
    })
    socket.on('data', (data) => (text += data.toString()))
    socket.on('error', reject)
    socket.on('end', () => {
      socket.end()
      resolve(text)
    })
  })
}

/** The statuses and bodies of the answers, which must be complete. */
function answersIn(text: string): { status: number; body: string }[] {
  const answers: { status: number; body: string }[] = []
  for (let rest = text; rest !== '';) {
    const end = rest.indexOf('\r\n\r\n')
    const head = rest.slice(0, end)
    const status = Number(/^HTTP\/1\.1 (\d{3}) /.exec(head)?.[1])
    assert.ok(end > 0 && status > 0, `no answer: ${rest.slice(0, 100)}`)
    rest = rest.slice(end + 4)
    if (status === 100) continue
    let body = ''
    if (/transfer-encoding: chunked/i.test(head)) {
      for (;;) {
        const size = /^([0-9a-f]+)\r\n/i.exec(rest)
        assert.ok(size, `no chunk: ${rest.slice(0, 100)}`)
        const length = Number.parseInt(size[1] ?? '', 16)
        body += rest.slice(size[0].length, size[0].length + length)
        rest = rest.slice(size[0].length + length)
        assert.equal(rest.slice(0, 2), '\r\n')
        rest = rest.slice(2)
        if (length === 0) break
      }
    } else {
      const length = Number(/content-length: (\d+)/i.exec(head)?.[1])
      body = rest.slice(0, length)
      rest = rest.slice(length)
    }
    answers.push({ status, body })
  }
  return answers
}

const GARBAGE: Record<string, string> = {
  nonsense: 'NONSENSE\r\n\r\n',
  'much nonsense': 'NONSENSE '.repeat(100_000),
  'headers that are too large': `GET / HTTP/1.1\r\nX: ${'x'.repeat(200_000)}\r\n\r\n`,
  'another protocol': '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03',
  'CONNECT to another host': 'CONNECT example.com:443 HTTP/1.1\r\nHost: x\r\n\r\n',
  'half a request': 'POST /sql HTTP/1.1\r\nHost',
}

describe('a request is answered, and then the connection closed, if it is followed by', () => {
  for (const [name, garbage] of Object.entries(GARBAGE)) {
    test(`${name}, at once`, async () => {
      const text = await send({
        first: `${await requestOf(`select public.nap(0.1)`)}${garbage}`,
        ends: true,
      })
      const [answer, ...others] = answersIn(text)
      assert.equal(answer?.status, 200, answer?.body)
      assert.match(answer.body, /rested/)
      assert.deepEqual(others, [])
    })
  }

  test('nonsense, after two requests', async () => {
    const [one, two] = [
      await requestOf('select public.nap(0.1)'),
      await requestOf('select 2 as two'),
    ]
    const answers = answersIn(await send({ first: `${one}${two}NONSENSE\r\n\r\n` }))
    assert.deepEqual(
      answers.map(({ status, body }) => [status, /rested|two/.exec(body)?.[0]]),
      [
        [200, 'rested'],
        [200, 'two'],
      ],
    )
  })
})

/** Longer than what is kept whole, so that it comes in chunks. */
const LONG = `select n, pad from generate_series(1, 60000) as t(n), (select string_agg(md5(i::text), '') as pad from generate_series(1, 4) as s(i)) as p`

describe('nothing is written into an answer in progress', () => {
  for (const [name, garbage] of Object.entries(GARBAGE)) {
    test(name, async () => {
      const text = await send({
        first: await requestOf(LONG),
        more: [garbage],
        ends: name === 'half a request',
      })
      const [answer, ...others] = answersIn(text)
      assert.equal(answer?.status, 200, answer?.body)
      assert.equal((JSON.parse(answer.body) as { rowCount: number }).rowCount, 60_000)
      assert.deepEqual(others, [])
    })
  }
})

describe('a client that ends its side after its request gets the answer', () => {
  for (const [name, query] of [
    ['soon', 'select 1 as rested'],
    ['later', 'select public.nap(1)'],
    ['in chunks', LONG.replace('pad from', `pad, 'rested' from`)],
  ] as const) {
    test(name, async () => {
      const [answer, ...others] = answersIn(
        await send({ first: await requestOf(query), ends: true }),
      )
      assert.equal(answer?.status, 200, answer?.body)
      assert.match(answer.body, /rested/)
      assert.deepEqual(others, [])
    })
  }

  test('of each of its requests', async () => {
    const two = `${await requestOf('select public.nap(0.4)')}${await requestOf('select public.nap(0.1)')}`
    assert.deepEqual(
      answersIn(await send({ first: two, ends: true })).map(({ status }) => status),
      [200, 200],
    )
  })

  test('but the statement of a client that has gone is cancelled', async () => {
    const { hostname, port } = new URL(proxy.url)
    const socket = connect(Number(port), hostname)
    socket.write(await requestOf('select public.nap(14)'))
    const running = `select from pg_stat_activity where query like '%nap(14)%' and pid <> pg_backend_pid() and state = 'active'`
    await until(async () => (await proxy.asOwner(running)).length > 0)
    socket.destroy()
    const started = Date.now()
    await until(async () => (await proxy.asOwner(running)).length === 0)
    assert.ok(Date.now() - started < 5_000)
  })
})
