import type { Page } from '@playwright/test'
import { expect, newUser, SCREENS, signIn, test } from './fixtures'
import { ORIGIN } from './stack'
import { TodoScreen } from './todo-screen'

for (const path of SCREENS) {
  test.describe(`on ${path}`, () => {
    test('being offline is said before one acts; changes wait, and are saved in order later', async ({
      alice,
    }) => {
      const { page } = alice
      const screen = await TodoScreen.open(page, path)
      await screen.add('Buy milk')
      await page.context().setOffline(true)
      await expect(page.getByText('You are offline.')).toBeVisible()
      await screen.type('Call Bob', 'Pay rent')
      await screen.checkbox('Call Bob').click()
      await screen.delete('Buy milk')
      await screen.expectTasks(['Call Bob', 'Pay rent'])
      await expect(page.getByText('4 changes wait for the connection.')).toBeVisible()
      await expect(screen.failures).toHaveCount(0)
      await page.context().setOffline(false)
      await screen.saved()
      await expect(page.getByText('You are offline.')).toBeHidden()
      await screen.reload()
      await screen.expectTasks(['Call Bob', 'Pay rent'])
      await expect(screen.checkbox('Call Bob')).toBeChecked()
    })

    test('filters work offline', async ({ alice }) => {
      const { page } = alice
      const screen = await TodoScreen.open(page, path)
      await screen.add('Buy milk', 'Call Bob')
      await screen.checkbox('Buy milk').click()
      await screen.saved()
      await page.context().setOffline(true)
      await screen.filter('Active')
      await screen.expectTasks(['Call Bob'])
      await screen.filter('Completed')
      await screen.expectTasks(['Buy milk'])
    })
  })
}

test.describe('with the service worker', () => {
  test.use({ serviceWorkers: 'allow' })

  for (const path of SCREENS) {
    test(`on ${path}, a navigation without a connection shows the list as it was, and goes on from there`, async ({
      browser,
    }) => {
      const { userId } = await newUser('Alice')
      const context = await browser.newContext({ baseURL: ORIGIN, serviceWorkers: 'allow' })
      await signIn(context, userId)
      const page = await context.newPage()
      const screen = await TodoScreen.open(page, path)
      await screen.add('Buy milk', 'Call Bob')
      await page.waitForFunction(() => navigator.serviceWorker.controller)
      await expect.poll(() => keptTodos(page)).toBe(2)

      await context.setOffline(true)
      await page.reload()
      await expect(page.getByRole('heading', { name: 'You are offline' })).toBeVisible()
      await screen.expectTasks(['Buy milk', 'Call Bob'])
      await expect(page.getByText('as this device last saw it')).toBeVisible()
      await screen.type('Pay rent')
      await screen.checkbox('Buy milk').click()
      await screen.expectTasks(['Buy milk', 'Call Bob', 'Pay rent'])

      await context.setOffline(false)
      await expect(page.getByRole('heading', { name: 'You are offline' })).toBeHidden()
      await screen.isLive()
      await screen.saved()
      await screen.reload()
      await screen.expectTasks(['Buy milk', 'Call Bob', 'Pay rent'])
      await expect(screen.checkbox('Buy milk')).toBeChecked()
      await context.close()
    })
  }

  test('the list is there also where the connection went before anything was loaded through it', async ({
    browser,
  }) => {
    const { userId } = await newUser('Alice')
    const context = await browser.newContext({ baseURL: ORIGIN, serviceWorkers: 'allow' })
    await signIn(context, userId)
    const page = await context.newPage()
    const screen = await TodoScreen.open(page, '/server')
    await screen.add('Buy milk', 'Call Bob')
    await page.waitForFunction(() => navigator.serviceWorker.controller)
    await expect.poll(() => keptTodos(page)).toBe(2)
    await keepOnlyThePage(page)
    await context.setOffline(true)
    await page.reload()
    await expect(page.getByRole('heading', { name: 'You are offline' })).toBeVisible()
    await screen.expectTasks(['Buy milk', 'Call Bob'])
    await context.close()
  })

  test('what the service worker stores is the same for everyone', async ({ alice }) => {
    const { page } = alice
    const screen = await TodoScreen.open(page, '/server')
    await screen.add('Alice’s secret')
    await page.waitForFunction(() => navigator.serviceWorker.controller)
    await screen.reload()
    const stored = await page.evaluate(async () => {
      const texts: [string, string][] = []
      for (const name of await caches.keys()) {
        const cache = await caches.open(name)
        for (const request of await cache.keys()) {
          const answer = await cache.match(request)
          texts.push([new URL(request.url).pathname, (await answer?.text()) ?? ''])
        }
      }
      return texts
    })
    expect(stored.map(([path]) => path)).toContain('/offline')
    for (const [path, text] of stored) {
      expect(path).toMatch(/^\/(offline$|_next\/static\/)/)
      expect(text).not.toContain('Alice’s secret')
      expect(text).not.toContain(alice.userId)
    }
  })
})

test('signing out leaves no row on the device', async ({ alice }) => {
  const { page } = alice
  const screen = await TodoScreen.open(page, '/browser')
  await screen.add('Alice’s secret')
  await expect.poll(() => keptTodos(page)).toBe(1)
  await page.getByRole('button', { name: 'Account menu' }).click()
  await page.getByRole('button', { name: 'Sign out' }).click()
  await expect(page.getByRole('link', { name: 'Sign in' }).first()).toBeVisible()
  await expect.poll(() => keptTodos(page)).toBe(0)
  const left = await page.evaluate(() => JSON.stringify([localStorage, sessionStorage]))
  expect(left).not.toContain('Alice’s secret')
  expect(left).not.toContain('last-user')
})

/** Leaves the browser with what the service worker has stored as it was installed: the page, and the files that it names. */
async function keepOnlyThePage(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const html = (await (await caches.match('/offline'))?.text()) ?? ''
    for (const name of await caches.keys()) {
      const cache = await caches.open(name)
      for (const request of await cache.keys()) {
        const { pathname } = new URL(request.url)
        if (pathname !== '/offline' && !html.includes(pathname)) await cache.delete(request)
      }
    }
  })
  const session = await page.context().newCDPSession(page)
  await session.send('Network.clearBrowserCache')
}

/** How many todos IndexedDB holds. */
function keptTodos(page: Page): Promise<number> {
  return page.evaluate(async () => {
    const outcome = <T>(request: IDBRequest<T>) =>
      new Promise<T>((resolve, reject) => {
        request.onsuccess = () => {
          resolve(request.result)
        }
        request.onerror = () => {
          reject(new Error('IndexedDB failed'))
        }
      })
    const isThere = (await indexedDB.databases()).some(({ name }) => name === 'todos')
    if (!isThere) return 0
    const database = await outcome(indexedDB.open('todos'))
    const store = database.transaction('pages').objectStore('pages')
    const kept = (await outcome(store.getAll())) as { pages: { todos: unknown[] }[] }[]
    database.close()
    return kept[0]?.pages.reduce((sum, { todos }) => sum + todos.length, 0) ?? 0
  })
}
