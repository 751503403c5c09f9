import assert from 'node:assert/strict'
import { after, afterEach, before, describe, test } from 'node:test'
import { startArena, type Arena } from '../testing/arena'
import { sendRaw, type RawAnswer } from '../testing/raw-http'

let arena: Arena
let head: string
let url: string
before(async () => {
  arena = await startArena()
  url = arena.proxy.url
  head = `POST /sql HTTP/1.1\r\nHost: x\r\nNeon-Connection-String: ${arena.proxy.connectionString}\r\nAuthorization: Bearer ${await arena.proxy.issuer.token('bob')}\r\n`
})
after(() => arena.proxy.stop())
afterEach(async () => {
  assert.equal((await arena.alice(arena.gated, 'select 1')).status, 200, 'it still works')
})

const MEMBERS =
  'message code detail hint position internalPosition internalQuery severity where table column schema dataType constraint file line routine'

function assertWellFormed(answers: readonly RawAnswer[]): void {
  for (const { status, body } of answers) {
    if (status === 200 || body === '"query is not supported"') continue
    assert.ok(status >= 400 && status < 500, `${status} ${body}`)
    assert.equal(Object.keys(JSON.parse(body) as object).join(' '), MEMBERS)
  }
}

const one = '{"query":"select 1"}'
const sized = (body: string, more = '') =>
  `${head}${more}Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`

describe('invalid HTTP gets one well-formed refusal, or a closed connection', () => {
  const requests: Record<string, () => string> = {
    'no request line': () => '\r\n\r\n\r\n',
    nonsense: () => 'NONSENSE\r\n\r\n',
    'the preface of HTTP/2': () => 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
    'a TLS hello': () => '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03',
    'HTTP/0.9': () => 'GET /sql\r\n\r\n',
    'a version from the future': () => 'POST /sql HTTP/9.9\r\n\r\n',
    'a line that never ends': () => `POST /${'x'.repeat(200_000)}`,
    'huge headers': () => `${head}X: ${'x'.repeat(200_000)}\r\n\r\n`,
    'many headers': () => `${head}${'X: y\r\n'.repeat(20_000)}\r\n`,
    'a header with no name': () => `${head}: x\r\n\r\n`,
    'a header with a blank before its colon': () => `${head}Content-Length : 5\r\n\r\nhello`,
    'a folded header': () => `${head}X: a\r\n b\r\nContent-Length: 0\r\n\r\n`,
    'a NUL in a header': () => `${head}X: a\0b\r\n\r\n`,
    'a bare CR in a header': () => `${head}X: a\rY: b\r\n\r\n`,
    'no Content-Length': () => `${head}\r\n${one}`,
    'two Content-Lengths that differ': () =>
      `${head}Content-Length: 0\r\nContent-Length: 20\r\n\r\n${one}`,
    'two Content-Lengths that agree': () =>
      `${head}Content-Length: 20\r\nContent-Length: 20\r\n\r\n${one}`,
    'a negative Content-Length': () => `${head}Content-Length: -1\r\n\r\n${one}`,
    'a Content-Length in hex': () => `${head}Content-Length: 0x14\r\n\r\n${one}`,
    'a Content-Length with a sign': () => `${head}Content-Length: +20\r\n\r\n${one}`,
    'a Content-Length beyond all numbers': () =>
      `${head}Content-Length: ${'9'.repeat(40)}\r\n\r\n${one}`,
    'Content-Length beside chunks': () =>
      `${head}Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /admin HTTP/1.1\r\n\r\n`,
    'chunked twice': () => `${head}Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n`,
    'chunked, then something else': () =>
      `${head}Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n`,
    'an unknown Transfer-Encoding': () => `${head}Transfer-Encoding: xchunked\r\n\r\n${one}`,
    'a chunk size that is none': () =>
      `${head}Transfer-Encoding: chunked\r\n\r\nzz\r\n${one}\r\n0\r\n\r\n`,
    'a chunk size beyond all numbers': () =>
      `${head}Transfer-Encoding: chunked\r\n\r\n${'f'.repeat(30)}\r\n`,
    'a chunk longer than its size': () =>
      `${head}Transfer-Encoding: chunked\r\n\r\n2\r\n${one}\r\n0\r\n\r\n`,
    'chunks without an end': () => `${head}Transfer-Encoding: chunked\r\n\r\n14\r\n${one}\r\n`,
    'a huge chunk extension': () =>
      `${head}Transfer-Encoding: chunked\r\n\r\n1;${'x'.repeat(100_000)}\r\n`,
    'a body that stops half-way': () => `${head}Content-Length: 500\r\n\r\n${one}`,
    'a body that is announced and never comes': () => `${head}Content-Length: 500\r\n\r\n`,
    'headers that stop half-way': () => head,
    'a second request that is nonsense': () => `${sized(one)}NONSENSE\r\n\r\n`,
    'no Host': () => sized(one).replace('Host: x\r\n', ''),
    'an expectation': () => sized(one, 'Expect: miracles\r\n'),
    '100-continue': () => sized(one, 'Expect: 100-continue\r\n'),
    CONNECT: () => 'CONNECT example.com:443 HTTP/1.1\r\nHost: x\r\n\r\n',
    'an upgrade': () => sized(one, 'Connection: upgrade\r\nUpgrade: h2c\r\n'),
    ...Object.fromEntries(
      ['GET', 'PUT', 'DELETE', 'PATCH', 'TRACE', 'HEADX', 'SQL', 'PROPFIND', 'post'].map(
        (method) => [
          `the method ${method}`,
          () => `${method} /sql HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`,
        ],
      ),
    ),
    ...Object.fromEntries(
      [
        '//sql',
        '/sql/',
        '/sql/../sql',
        '/%73ql',
        'sql',
        '*',
        'http://x/sqlx',
        '/\u00ff',
        '/sql#x',
        '/__proto__',
      ].map((path) => [`the path ${path}`, () => sized(one).replace('/sql', path)]),
    ),
  }
  for (const [name, request] of Object.entries(requests)) {
    test(name, async () => {
      const answers = await sendRaw(url, Buffer.from(request(), 'latin1'))
      assertWellFormed(answers)
      assert.ok(answers.length <= 2)
    })
  }

  test('a smuggled request is never answered', async () => {
    const hidden = 'POST /sql HTTP/1.1\r\nHost: x\r\n\r\n'
    for (const framing of [
      `Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${hidden}`,
      `Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n${hidden}`,
      `Transfer-Encoding:\x0bchunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n${hidden}`,
      `Content-Length: 0\r\nContent-Length: ${hidden.length}\r\n\r\n${hidden}`,
    ]) {
      const answers = await sendRaw(url, `${head}${framing}`)
      assert.deepEqual(
        answers.map(({ status }) => status),
        [400],
        framing,
      )
    }
  })
})

describe('slow clients are cut off', () => {
  test('whether they are slow with headers or with the body', async () => {
    const { url } = await arena.proxy.another({
      overrides: { http: { headersTimeoutMs: 200, requestTimeoutMs: 400 } },
    })
    for (const bytes of ['POST /sq', head, `${head}Content-Length: 500\r\n\r\n{`]) {
      assertWellFormed(await sendRaw(url, bytes, false))
    }
  })
})
