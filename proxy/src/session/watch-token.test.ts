import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { ProxyError } from '../errors'
import { watchToken } from './watch-token'

const NOW = 1_000_000

/** A token that ends 60 seconds from now; verifying it takes until the test settles it. */
function scene(t: TestContext) {
  t.mock.timers.enable({ apis: ['setTimeout', 'Date'], now: NOW * 1000 })
  let expiresAt = NOW + 60
  const verifications: { pass: () => void; fail: (error: Error) => void }[] = []
  const ends: string[] = []
  const access = {
    expiresAt: () => expiresAt,
    onRenewed: () => undefined,
    verify: () =>
      new Promise<void>((pass, fail) => {
        verifications.push({ pass, fail })
      }),
  }
  const stop = watchToken({ end: ({ message }) => ends.push(message) }, access)
  return {
    verifications,
    ends,
    stop,
    renew: (end: number) => {
      expiresAt = end
      access.onRenewed()
    },
  }
}

const settled = () => new Promise((resolve) => setImmediate(resolve))

function expired(): ProxyError {
  return new ProxyError('session_ended', 'terminating connection: JWT token has expired')
}

test('a session ends in the second in which its token ends, and is not verified again', async (t) => {
  const { verifications, ends } = scene(t)
  assert.equal(verifications.length, 1, 'once at its beginning')
  t.mock.timers.tick(59_999)
  assert.equal(verifications.length, 1)
  t.mock.timers.tick(1)
  assert.equal(verifications.length, 2)
  verifications[1]?.fail(expired())
  await settled()
  assert.deepEqual(ends, ['terminating connection: JWT token has expired'])
  t.mock.timers.tick(60_000)
  assert.equal(verifications.length, 2)
})

test('a session that ends while its token is being verified leaves no timer', async (t) => {
  const { verifications, stop } = scene(t)
  t.mock.timers.tick(60_000)
  stop()
  verifications[1]?.pass()
  await settled()
  t.mock.timers.tick(60_000)
  assert.equal(verifications.length, 2)
})

test('a renewed token counts from then on', (t) => {
  const { verifications, renew } = scene(t)
  renew(NOW + 120)
  t.mock.timers.tick(60_000)
  assert.equal(verifications.length, 1)
  t.mock.timers.tick(60_000)
  assert.equal(verifications.length, 2)
})

test('a token may end later than a timer can wait', (t) => {
  const { verifications, renew } = scene(t)
  renew(NOW + 10 ** 8)
  t.mock.timers.tick(1_000)
  assert.equal(verifications.length, 1)
})
