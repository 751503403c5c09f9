/** Measures a click to its paint, here and in another browser, scrolling, and the first HTML. Prints tables. */
import type { Page } from '@playwright/test'
import { expect, SCREENS, signIn, test } from '../fixtures'
import { giveTodos } from '../give-todos'
import { ORIGIN } from '../stack'
import { TodoScreen } from '../todo-screen'

const SLOWDOWN = 4
const CLICKS = 15
const FRAMES = 180

const rows: string[] = []
const elsewhere: string[] = []

for (const path of SCREENS) {
  for (const count of [20, 5_000]) {
    test(`${path} with ${count} todos`, async ({ alice }) => {
      const { page } = alice
      await giveTodos(alice.userId, count)
      const html = await (await page.request.get(path, { headers: { accept: 'text/html' } })).body()
      const screen = await TodoScreen.open(page, path)
      await loadAll(page, screen, count)
      const scrolling = await scroll(page)
      await page.evaluate(() => {
        scrollTo(0, 0)
      })
      await expect(screen.item('Todo 1')).toBeVisible()
      const clicks = await clickToPaint(page)
      const cells = [path, count, ...[median(clicks), p95(clicks), p95(scrolling)].map(ms)]
      rows.push(`| ${[...cells, `${Math.round(html.byteLength / 1000)} kB`].join(' | ')} |`)
    })
  }
}

for (const path of SCREENS) {
  test(`${path}: a change in another browser`, async ({ alice, browser }) => {
    await giveTodos(alice.userId, 20)
    const here = await TodoScreen.open(alice.page, path)
    const other = await browser.newContext({ baseURL: ORIGIN })
    await signIn(other, alice.userId)
    const there = await TodoScreen.open(await other.newPage(), path)
    const times: number[] = []
    for (let i = 0; i < CLICKS; i++) {
      const seen = await watchCheckboxes(here.page)
      const clicked = await there.page.evaluate((index) => {
        const buttons = document.querySelectorAll<HTMLElement>('[data-todo] [role=checkbox]')
        buttons[index % 8]?.click()
        return performance.timeOrigin + performance.now()
      }, i)
      times.push((await seen()) - clicked)
    }
    await other.close()
    elsewhere.push(`| ${[path, ms(median(times)), ms(p95(times))].join(' | ')} |`)
  })
}

test.afterAll(() => {
  const head = ['page', 'todos', 'click p50', 'click p95', 'scroll p95', 'first HTML']
  const tables = [
    ['', `| ${head.join(' | ')} |`, '| - | -: | -: | -: | -: | -: |', ...rows],
    ['', '| page | in another browser p50 | p95 |', '| - | -: | -: |', ...elsewhere],
  ]
  // eslint-disable-next-line no-console -- the tables are what this is for
  console.log(tables.flat().join('\n'))
})

/** Scrolls down until the last todo has been there, so that all of them are in memory. */
async function loadAll(page: Page, screen: TodoScreen, count: number): Promise<void> {
  await expect(async () => {
    await page.keyboard.press('End')
    await expect(screen.item(`Todo ${count}`)).toBeVisible({ timeout: 250 })
  }).toPass()
}

/** Watches from now on. @returns what waits for the time at which a checkbox has changed */
async function watchCheckboxes(page: Page): Promise<() => Promise<number>> {
  const watched = await page.evaluateHandle(() => ({
    changed: new Promise<number>((resolve) => {
      const observer = new MutationObserver(() => {
        observer.disconnect()
        resolve(performance.timeOrigin + performance.now())
      })
      observer.observe(document.body, { subtree: true, attributeFilter: ['aria-checked'] })
    }),
  }))
  return () => watched.evaluate(({ changed }) => changed)
}

/** Milliseconds of each frame, while the whole list passes by. */
function scroll(page: Page): Promise<number[]> {
  return page.evaluate(async (frames) => {
    const frame = () => new Promise<number>(requestAnimationFrame)
    const end = document.documentElement.scrollHeight - innerHeight
    const times: number[] = []
    let last = await frame()
    for (let i = 0; i < frames; i++) {
      scrollTo(0, (end * i) / frames)
      const now = await frame()
      times.push(now - last)
      last = now
    }
    return times
  }, FRAMES)
}

/** Milliseconds from a click on a checkbox until the browser has painted it, on a slow processor. */
async function clickToPaint(page: Page): Promise<number[]> {
  const session = await page.context().newCDPSession(page)
  await session.send('Emulation.setCPUThrottlingRate', { rate: SLOWDOWN })
  const times: number[] = []
  for (let i = 0; i < CLICKS; i++) {
    times.push(
      await page.evaluate(async (index) => {
        const buttons = document.querySelectorAll<HTMLElement>('[data-todo] [role=checkbox]')
        const button = buttons[index % 8]
        const before = button?.getAttribute('aria-checked')
        const start = performance.now()
        button?.click()
        // A message that is sent in a frame arrives after its paint.
        await new Promise((resolve) => {
          requestAnimationFrame(() => {
            const { port1, port2 } = new MessageChannel()
            port1.onmessage = resolve
            port2.postMessage(null)
          })
        })
        const time = performance.now() - start
        if (button?.getAttribute('aria-checked') === before) throw new Error('nothing was painted')
        return time
      }, i),
    )
    await expect(page.locator('[aria-busy]')).toHaveAttribute('aria-busy', 'false')
  }
  await session.send('Emulation.setCPUThrottlingRate', { rate: 1 })
  return times
}

const sorted = (values: number[]) => values.toSorted((a, b) => a - b)
const median = (values: number[]) => sorted(values)[Math.floor(values.length / 2)] ?? 0
const p95 = (values: number[]) => sorted(values)[Math.floor(values.length * 0.95)] ?? 0
const ms = (value: number) => `${value.toFixed(value < 10 ? 1 : 0)} ms`
