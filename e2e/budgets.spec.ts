import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { expect, test } from './fixtures'

/**
 * JavaScript of the first load in kB, gzip, the framework included (132 kB of Next 16 and React) and Clerk's
 * apart: its scripts, and the chunks of the build that hold its SDK.
 */
const BUDGETS_KB = {
  '/': 0,
  // The goal is 180: docs/lighthouse.md says what is in the way.
  '/server': 210,
  '/browser': 220,
  '/account': 180,
  '/sign-in': 165,
}
const CLERKS_SDK_KB = 60
const CLERKS_SDK = /@clerk\/nextjs|ClerkRuntimeError|Failed to load Clerk UI/

/** A chunk that a page loads by itself, as the build has written it. */
type Chunk = { size: number; isClerks: boolean }

function chunksIn(html: string): Chunk[] {
  const tags = html.match(/<script\b[^>]*>/g) ?? []
  const paths = tags
    // Polyfills for browsers that do not know modules, and for no others.
    .filter((tag) => !/\bnomodule\b/i.test(tag))
    .flatMap((tag) => /\bsrc="\/_next(\/static\/[^"?]+)/.exec(tag)?.[1] ?? [])
  return [...new Set(paths)].map((path) => {
    const code = readFileSync(`.next-test${path}`)
    return { size: gzipSync(code).length / 1000, isClerks: CLERKS_SDK.test(code.toString()) }
  })
}

const sizeOf = (chunks: Chunk[]) => chunks.reduce((sum, { size }) => sum + size, 0)

for (const [path, budget] of Object.entries(BUDGETS_KB)) {
  test(`${path} loads at most ${budget} kB of JavaScript`, async ({ alice, browser }) => {
    const isPublic = path === '/' || path === '/sign-in'
    const context = isPublic ? await browser.newContext() : alice.page.context()
    const answer = await context.request.get(path, { headers: { accept: 'text/html' } })
    expect(answer.ok()).toBe(true)
    const chunks = chunksIn(await answer.text())
    if (budget > 0) expect(chunks.length).toBeGreaterThan(2)
    const own = sizeOf(chunks.filter(({ isClerks }) => !isClerks))
    const clerks = sizeOf(chunks.filter(({ isClerks }) => isClerks))
    const description = `${own.toFixed(1)} kB, and ${clerks.toFixed(1)} kB of Clerk’s`
    test.info().annotations.push({ type: 'size', description })
    expect(own).toBeLessThanOrEqual(budget)
    expect(clerks).toBeLessThanOrEqual(CLERKS_SDK_KB)
    if (isPublic) await context.close()
  })
}
