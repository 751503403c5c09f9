import assert from 'node:assert/strict'
import { test } from 'node:test'
import { steadyTokens, type TokenSession } from './steady-token'

const MINUTE = 60_000

/** clerk-js beside a server: real time passes for both, but the browser's clock may be wrong, and jump. */
function setup({ lifetime = 60, offset = 0 } = {}) {
  let real = 1_800_000_000_000
  let asleep = 0
  let asked = 0
  const clocks = { wall: () => real + offset, steady: () => real - asleep }
  const makeSteady = steadyTokens(clocks)
  const mint = () => {
    asked++
    const iat = Math.floor(real / 1000)
    const payload = btoa(JSON.stringify({ iat, exp: iat + lifetime, n: asked, pad: 'ÿ~?' }))
    return `e30.${payload.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')}.x`
  }
  const claims = (token: string | null) =>
    JSON.parse(Buffer.from(token?.split('.')[1] ?? '', 'base64url').toString('latin1')) as Record<
      'exp' | 'n',
      number
    >
  let cached: string | null = null
  const session = (id = 'one'): TokenSession => {
    const made: TokenSession = {
      id,
      lastActiveOrganizationId: null,
      getToken: (options = {}) => {
        // As clerk-js does: by the browser's own clock, 5 s before the end.
        const isFresh = cached !== null && claims(cached).exp - clocks.wall() / 1000 > 5
        if (!isFresh || options.skipCache === true) cached = mint()
        return Promise.resolve(cached)
      },
      clearCache: () => {
        cached = null
      },
    }
    makeSteady(made)
    return made
  }
  return {
    session,
    asked: () => asked,
    /** Seconds until the server takes this token for expired. */
    left: (token: string | null) => claims(token).exp - real / 1000,
    pass: (ms: number) => {
      real += ms
    },
    sleep: (ms: number) => {
      real += ms
      asleep += ms
    },
    jump: (ms: number) => {
      offset += ms
    },
  }
}

for (const minutes of [-10, -1.5, -0.5, 0, 0.5, 1.5, 10]) {
  test(`with a clock that is ${minutes} min off, no token is sent after its end, and few are asked for`, async () => {
    const { session, asked, left, pass } = setup({ offset: minutes * MINUTE })
    const { getToken } = session()
    // Its poller's pace.
    for (let ms = 0; ms < 10 * MINUTE; ms += 1_500) {
      assert.ok(left(await getToken()) > 5)
      pass(1_500)
    }
    assert.ok(asked() <= 15, String(asked()))
  })
}

test('many who ask at once make one request', async () => {
  const { session, asked, pass } = setup({ offset: 10 * MINUTE })
  const { getToken } = session()
  const ask = () => Promise.all(Array.from({ length: 20 }, () => getToken()))
  assert.equal(new Set(await ask()).size, 1)
  pass(50_000)
  assert.equal(new Set(await ask()).size, 1)
  assert.equal(asked(), 2)
})

test('after a sleep, or a clock that jumps ahead, a new token is asked for', async () => {
  const { session, asked, left, pass, sleep, jump } = setup()
  const { getToken } = session()
  await getToken()
  sleep(60 * MINUTE)
  assert.ok(left(await getToken()) > 5)
  jump(60 * MINUTE)
  assert.ok(left(await getToken()) > 5)
  jump(-120 * MINUTE)
  pass(MINUTE)
  assert.ok(left(await getToken()) > 5)
  assert.equal(asked(), 4)
})

test('a new token is made for whoever asks for one, for another session, and after clearCache()', async () => {
  const { session, asked } = setup()
  const one = session()
  const first = await one.getToken()
  const second = await one.getToken({ skipCache: true })
  assert.notEqual(second, first)
  assert.equal(await one.getToken(), second)
  one.clearCache()
  assert.notEqual(await one.getToken(), second)
  assert.equal(asked(), 3)
  // Clerk makes new objects for one session; another session has other tokens.
  await session().getToken()
  assert.equal(asked(), 3)
  const other = session('two')
  other.clearCache()
  await other.getToken()
  assert.equal(asked(), 4)
})

test('what was asked for before clearCache() is not remembered after it', async () => {
  let answer: (token: string | null) => void = () => undefined
  let asked = 0
  const session: TokenSession = {
    id: 'one',
    lastActiveOrganizationId: null,
    getToken: () => {
      asked++
      return new Promise((resolve) => {
        answer = resolve
      })
    },
    clearCache: () => undefined,
  }
  steadyTokens()(session)
  const token = `e30.${btoa('{"iat":0,"exp":60}')}.x`
  const early = session.getToken()
  session.clearCache()
  answer(token)
  assert.equal(await early, token)
  const late = session.getToken()
  answer(token)
  await late
  await session.getToken()
  assert.equal(asked, 2)
})

test('tokens that live for seconds, or do not say how long, are left to Clerk', async () => {
  const short = setup({ lifetime: 10 })
  const { getToken } = short.session()
  for (let ms = 0; ms < MINUTE; ms += 1_000) {
    assert.ok(short.left(await getToken()) > 0)
    short.pass(1_000)
  }
  const odd: TokenSession = {
    id: 'odd',
    lastActiveOrganizationId: null,
    getToken: () => Promise.resolve(`no.token.${asked++}`),
    clearCache: () => undefined,
  }
  let asked = 0
  steadyTokens()(odd)
  for (const expected of [0, 1, 2]) assert.equal(await odd.getToken(), `no.token.${expected}`)
})

test('a failure is passed on, and not remembered', async () => {
  let fails = true
  const session: TokenSession = {
    id: 'one',
    lastActiveOrganizationId: null,
    getToken: () => (fails ? Promise.reject(new Error('offline')) : Promise.resolve('e30.e30.x')),
    clearCache: () => undefined,
  }
  steadyTokens()(session)
  await assert.rejects(session.getToken(), /offline/)
  fails = false
  assert.equal(await session.getToken(), 'e30.e30.x')
})
