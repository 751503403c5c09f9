import { expect, newUser, signIn, test } from './fixtures'
import { ListScreen } from './list-screen'
import { openSettled } from './settled'
import { TodoScreen } from './todo-screen'

const PHONE = { width: 390, height: 844 }
const DESKTOP = { width: 1280, height: 800 }
const FOR_EVERYONE = ['/', '/sign-in', '/sign-up', '/nowhere']
const FOR_USERS = ['/', '/server', '/browser']

for (const viewport of [PHONE, DESKTOP]) {
  for (const colorScheme of ['light', 'dark'] as const) {
    const look = `${colorScheme}, ${viewport.width} wide`

    test(`${look}: every page fits its width and logs no errors`, async ({ browser }) => {
      const context = await browser.newContext({ viewport, colorScheme })
      const page = await context.newPage()
      const complaints: string[] = []
      page.on('console', (message) => {
        // The page that does not exist is meant to answer 404, a local key is a development key, and the tests' browser
        // takes no service worker.
        const expected = /404|development keys|blocked by Playwright/.test(message.text())
        if (['error', 'warning'].includes(message.type()) && !expected)
          complaints.push(message.text())
      })
      page.on('pageerror', (error) => complaints.push(error.message))

      const visit = async (path: string, state: string) => {
        await openSettled(page, path)
        const overflow = await page.evaluate(
          () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
        )
        expect(overflow, `${path} scrolls sideways`).toBe(0)
        const name = `${path.slice(1) || 'home'}-${state}-${colorScheme}-${viewport.width}.png`
        await page.screenshot({ path: `test-results/pages/${name}`, fullPage: true })
      }
      for (const path of FOR_EVERYONE) await visit(path, 'signed-out')
      const { userId } = await newUser('Alice')
      await signIn(context, userId)
      const screen = await TodoScreen.open(page, '/server')
      await screen.add('Water the tomatoes', 'Book the train to Lisbon', 'Call Grandma')
      await screen.checkbox('Water the tomatoes').click()
      await screen.saved()
      for (const path of FOR_USERS) await visit(path, 'signed-in')

      expect(complaints).toEqual([])
      await context.close()
    })
  }
}

test('every page is named by what is on it, wherever its SQL runs', async ({ alice }) => {
  const { page } = alice
  const names = {
    '': 'My todos',
    '/today': 'Today',
    '/upcoming': 'Upcoming',
    '/completed': 'Completed',
  }
  for (const place of ['/server', '/browser']) {
    for (const [path, name] of Object.entries(names)) {
      await page.goto(place + path)
      await expect(page).toHaveTitle(`${name} · Todos`)
      await expect(page.getByRole('heading', { level: 1 })).toHaveText(name)
    }
  }
  const list = await ListScreen.create(page, '/server', 'Garden')
  for (const path of ['/server', '/browser']) {
    await page.goto(list.address(path))
    await list.isOpen('Garden')
    await expect(page).toHaveTitle('Garden · Todos')
  }
  await list.choose('Garden', /Rename/)
  await list.dialog.getByRole('textbox').fill('Balcony')
  await page.keyboard.press('Enter')
  await list.isOpen('Balcony')
  await expect(page).toHaveTitle('Balcony · Todos')
})

test('the app sends headers that keep other sites and other scripts out', async ({ request }) => {
  const headers = (await request.get('/sign-in')).headers()
  expect(headers['content-security-policy']).toContain("frame-ancestors 'none'")
  expect(headers['content-security-policy']).not.toContain("'unsafe-eval'")
  expect(headers['x-content-type-options']).toBe('nosniff')
  expect(headers['referrer-policy']).toBe('strict-origin-when-cross-origin')
  expect(headers['x-powered-by']).toBeUndefined()
})

test('the landing page comes without Clerk, and knows who is signed in', async ({
  alice,
  browser,
}) => {
  const stranger = await (await browser.newContext()).newPage()
  for (const { page, link, leadsTo } of [
    { page: stranger, link: 'Sign in', leadsTo: /\/sign-in/ },
    { page: alice.page, link: 'Your todos', leadsTo: /\/server$/ },
  ]) {
    const asked: string[] = []
    page.on('request', (request) => asked.push(request.url()))
    await openSettled(page, '/')
    expect(asked.filter((url) => /clerk|sql/i.test(url))).toEqual([])
    await page.getByRole('banner').getByRole('link', { name: link }).click()
    await expect(page).toHaveURL(leadsTo)
  }
  await stranger.context().close()
})

test('the landing page needs neither Clerk nor the database, whatever cookies a browser has', async ({
  request,
}) => {
  // To Clerk's own hook, these say: ask Clerk for a new session first.
  const cookie = '__client_uat=1; __session=of.old.times; __clerk_db_jwt=unknown'
  const headers = { cookie, accept: 'text/html', 'sec-fetch-dest': 'document' }
  const landing = await request.get('/', { headers, maxRedirects: 0 })
  expect(landing.status()).toBe(200)
  expect(await landing.text()).toContain('Your todos')
  expect((await request.get('/server', { headers, maxRedirects: 0 })).status()).toBe(307)
})
