import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { StartError } from './start-error'
import { ensureClerkAssets } from './assets'
import { BUNDLES } from './bundles'
import { startTestClerk } from './testing/test-clerk'

function emptyDirectory(t: TestContext): string {
  const directory = mkdtempSync(join(tmpdir(), "clerk's assets "))
  t.after(() => {
    rmSync(directory, { recursive: true })
  })
  return directory
}

/** For this test only. */
function setVariable(t: TestContext, name: string, value: string) {
  const before = process.env[name]
  process.env[name] = value
  t.after(() => {
    if (before === undefined) Reflect.deleteProperty(process.env, name)
    else process.env[name] = before
  })
}

test('browsers get the real bundles, whatever version a page asks for', async (t) => {
  const assetsDir = emptyDirectory(t)
  await Promise.all([ensureClerkAssets(assetsDir), ensureClerkAssets(assetsDir)])
  await ensureClerkAssets(assetsDir)
  assert.deepEqual(readdirSync(assetsDir).sort(), ['clerk-js-6.40.0', 'ui-1.36.0'])

  const { url } = await startTestClerk(t, { assetsDir })
  for (const path of ['clerk-js@6/dist/clerk.browser.js', 'ui@1.2.3/dist/ui.browser.js']) {
    const response = await fetch(`${url}/npm/@clerk/${path}`)
    assert.equal(response.headers.get('content-type'), 'text/javascript; charset=utf-8')
    assert((await response.text()).length > 100_000)
    const etag = response.headers.get('etag') ?? ''
    const again = await fetch(response.url, { headers: { 'if-none-match': etag } })
    assert.equal(again.status, 304)
  }
  for (const path of ['ui@1/dist/..%2F..%2Fpackage.json', 'ui@1/dist/index.js', 'x@1/dist/x.js']) {
    assert.equal((await fetch(`${url}/npm/@clerk/${path}`)).status, 404)
  }
})

test('an npm that cannot deliver is one clear sentence', async (t) => {
  setVariable(t, 'npm_config_offline', 'true')
  setVariable(t, 'npm_config_cache', emptyDirectory(t))
  await assert.rejects(ensureClerkAssets(emptyDirectory(t)), (error: unknown) => {
    assert(error instanceof StartError)
    assert.match(error.message, /^npm could not deliver @clerk\/[\w-]+@\S+,.*start again\.$/)
    return true
  })
})

test('a bundle with other bytes than the pinned ones is refused, and leaves nothing', async (t) => {
  const assetsDir = emptyDirectory(t)
  const tampered = BUNDLES.slice(0, 1).map((bundle) => ({ ...bundle, integrity: 'sha512-AAAA' }))
  await assert.rejects(ensureClerkAssets(assetsDir, tampered), (error: unknown) => {
    assert(error instanceof StartError)
    assert.match(error.message, /not the published one/)
    return true
  })
  assert.deepEqual(readdirSync(assetsDir), [])
})
