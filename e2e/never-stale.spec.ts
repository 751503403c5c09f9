import type { Request } from '@playwright/test'
import { expect, SCREENS, signIn, test } from './fixtures'
import { giveTodos } from './give-todos'
import { ORIGIN, stack } from './stack'
import { holdNetwork, TodoScreen } from './todo-screen'

for (const path of SCREENS) {
  test.describe(`on ${path}`, () => {
    test('another tab shows a change at once, without asking the database', async ({ alice }) => {
      const one = await TodoScreen.open(alice.page, path)
      const two = await TodoScreen.open(await alice.page.context().newPage(), path)
      // What it asks the database gets no answer.
      await holdNetwork(two.page)
      await one.add('Buy milk', 'Call Bob')
      await two.expectTasks(['Buy milk', 'Call Bob'])
      await one.checkbox('Call Bob').click()
      await expect(two.checkbox('Call Bob')).toBeChecked()
      await one.delete('Buy milk')
      await two.expectTasks(['Call Bob'])
    })

    test('a change on another device is there when the window gets the focus', async ({
      alice,
      browser,
    }) => {
      const here = await TodoScreen.open(alice.page, path)
      await here.add('Buy milk')
      const phone = await browser.newContext({ baseURL: ORIGIN })
      await signIn(phone, alice.userId)
      const there = await TodoScreen.open(await phone.newPage(), path)
      await there.add('Call Bob')
      await there.checkbox('Buy milk').click()
      await there.saved()
      await here.page.evaluate(() => window.dispatchEvent(new Event('focus')))
      await here.expectTasks(['Buy milk', 'Call Bob'])
      await expect(here.checkbox('Buy milk')).toBeChecked()
      await expect(here.page.getByText('1 item left')).toBeVisible()
      await phone.close()
    })

    test('Back shows the list as it is now', async ({ alice }) => {
      const { page } = alice
      const screen = await TodoScreen.open(page, path)
      await screen.add('Buy milk')
      const other = path === '/server' ? '/browser' : '/server'
      await page.getByRole('link', { name: other === '/server' ? 'Server' : 'Browser' }).click()
      await expect(page).toHaveURL(new RegExp(`${other}$`))
      await screen.isLive()
      await screen.add('Call Bob')
      await page.goBack()
      await expect(page).toHaveURL(new RegExp(`${path}$`))
      await screen.expectTasks(['Buy milk', 'Call Bob'])
    })

    test('an answer that is older than a change does not bring the old state back', async ({
      alice,
    }) => {
      const { page } = alice
      const screen = await TodoScreen.open(page, path)
      await screen.add('Buy milk')
      // The list is read, and its answer comes after the change that is made meanwhile.
      let release: () => void = () => undefined
      const held = new Promise<void>((resolve) => {
        release = resolve
      })
      let isFirst = true
      await page.route(
        () => true,
        async (route, request) => {
          const body = request.postData() ?? ''
          if (request.method() !== 'POST' || !/limit|"size"/.test(body) || !isFirst)
            return route.fallback()
          isFirst = false
          const answer = await route.fetch()
          await held
          return route.fulfill({ response: answer })
        },
      )
      const asked = page.waitForRequest((request) => /limit|"size"/.test(request.postData() ?? ''))
      await page.evaluate(() => window.dispatchEvent(new Event('focus')))
      await asked
      await screen.checkbox('Buy milk').click()
      if (path === '/server') release()
      await screen.saved()
      release()
      await expect(screen.checkbox('Buy milk')).toBeChecked()
      await page.evaluate(() => new Promise(requestAnimationFrame))
      await expect(screen.checkbox('Buy milk')).toBeChecked()
    })
  })
}

test('changes made while a long list is being read end that reading, and it is read again later', async ({
  alice,
}) => {
  const { page } = alice
  const tasks = ['Todo 1', 'Todo 2', 'Todo 3']
  await giveTodos(alice.userId, 250)
  const screen = await TodoScreen.open(page, '/browser')
  // Its todos do not come by themselves once more than 200 are loaded.
  await expect(async () => {
    await page.keyboard.press('End')
    await expect(screen.item('Todo 250')).toBeVisible({ timeout: 250 })
  }).toPass()
  await page.keyboard.press('Home')
  let isHeld = true
  let readings = 0
  await page.route(
    ({ href }) => href === stack().NEXT_PUBLIC_SQL_URL,
    (route, request) => {
      if (!isReading(request)) return route.fallback()
      readings++
      return isHeld ? Promise.resolve() : route.fallback()
    },
  )
  const asked = page.waitForRequest(isReading)
  await page.evaluate(() => window.dispatchEvent(new Event('focus')))
  await asked
  for (const task of tasks) {
    await screen.checkbox(task).click()
    await screen.saved()
  }
  expect(readings).toBe(1)
  isHeld = false
  await expect.poll(() => readings).toBeGreaterThan(1)
  for (const task of tasks) await expect(screen.checkbox(task)).toBeChecked()
})

/** Whether a request of `/browser` reads a page of a list, and does not listen to it. */
const isReading = (request: Request) =>
  request.headers().accept !== 'text/event-stream' &&
  /from .{2}todos.{2} .*order by .* limit/.test(request.postData() ?? '')
