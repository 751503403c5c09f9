import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { expect, test } from './fixtures'
import { giveTodos } from './give-todos'
import { TodoScreen } from './todo-screen'

/**
 * JavaScript of the first load in kB, gzip, the framework included (132 kB of Next 16 and React) and Clerk's
 * apart: its scripts, and the chunks of the build that hold its SDK.
 */
const BUDGETS_KB = {
  '/': 0,
  '/server': 180,
  '/browser': 180,
  '/account': 160,
  '/sign-in': 150,
}
const CLERKS_SDK_KB = 60
const CLERKS_SDK = /@clerk\/|ClerkRuntimeError|Failed to load Clerk UI/

/** A chunk that a page loads by itself, as the build has written it. */
type Chunk = { size: number; isClerks: boolean }

function chunksIn(html: string): Chunk[] {
  const tags = html.match(/<script\b[^>]*>/g) ?? []
  return (
    tags
      // Polyfills for browsers that do not know modules, and for no others.
      .filter((tag) => !/\bnomodule\b/i.test(tag))
      .flatMap((tag) => pathOf(/\bsrc="([^"]+)/.exec(tag)?.[1] ?? ''))
      .map(chunkAt)
  )
}

const pathOf = (url: string) => /\/_next(\/static\/[^"?]+\.js)/.exec(url)?.[1] ?? []

function chunkAt(path: string): Chunk {
  const code = readFileSync(`.next-test${path}`)
  return { size: gzipSync(code).length / 1000, isClerks: CLERKS_SDK.test(code.toString()) }
}

const sizeOf = (chunks: Chunk[]) => chunks.reduce((sum, { size }) => sum + size, 0)

function expectWithin(budget: number, chunks: Chunk[]): void {
  const own = sizeOf(chunks.filter(({ isClerks }) => !isClerks))
  const clerks = sizeOf(chunks.filter(({ isClerks }) => isClerks))
  const description = `${own.toFixed(1)} kB, and ${clerks.toFixed(1)} kB of Clerk’s`
  test.info().annotations.push({ type: 'size', description })
  expect(own).toBeLessThanOrEqual(budget)
  expect(clerks).toBeLessThanOrEqual(CLERKS_SDK_KB)
}

for (const [path, budget] of Object.entries(BUDGETS_KB)) {
  test(`${path} loads at most ${budget} kB of JavaScript`, async ({ alice, browser }) => {
    const isPublic = path === '/' || path === '/sign-in'
    const context = isPublic ? await browser.newContext() : alice.page.context()
    const answer = await context.request.get(path, { headers: { accept: 'text/html' } })
    expect(answer.ok()).toBe(true)
    const chunks = chunksIn(await answer.text())
    if (budget > 0) expect(chunks.length).toBeGreaterThan(2)
    expectWithin(budget, chunks)
    if (isPublic) await context.close()
  })
}

/** What a page loads until its list is there: also what checks live answers, and on /browser what sends SQL. */
const UNTIL_THE_LIST_KB = { '/server': 210, '/browser': 220 }

for (const [path, budget] of Object.entries(UNTIL_THE_LIST_KB)) {
  test(`${path} has its list with at most ${budget} kB of JavaScript`, async ({ alice }) => {
    const { page, userId } = alice
    await giveTodos(userId, 3)
    await page.addInitScript(() => {
      // What a page loads ahead of its use, it loads two seconds later.
      const set = window.setTimeout.bind(window)
      const setSoon = (run: () => void, ms = 0) => (ms < 2_000 ? set(run, ms) : 0)
      Object.assign(window, { setTimeout: setSoon })
    })
    const paths = new Set<string>()
    page.on('response', (response) => {
      for (const found of [pathOf(response.url())].flat()) paths.add(found)
    })
    const screen = await TodoScreen.open(page, path)
    await screen.expectTasks(['Todo 1', 'Todo 2', 'Todo 3'])
    await expect(page.getByRole('navigation', { name: 'Lists' })).toBeVisible()
    expectWithin(budget, [...paths].map(chunkAt))
  })
}
