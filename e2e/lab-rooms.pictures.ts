/** The pictures of the lab's rooms (npm run screenshots), each with something to see: from the back row, and on a phone. */
import type { Page } from '@playwright/test'
import { DEMO_USERS } from '../db/demo-users'
import { expect, signIn, test } from './fixtures'
import { takePicture } from './picture'
import { openSettled } from './settled'
import { ORIGIN } from './stack'

const LOOKS = {
  desktop: { viewport: { width: 1280, height: 720 }, colorScheme: 'light' },
  phone: { viewport: { width: 390, height: 844 }, colorScheme: 'dark' },
} as const

/** Databases are made one after the other. */
const MADE = { timeout: 60_000 }

const ROOMS: Record<string, (page: Page) => Promise<unknown>> = {
  '': () => Promise.resolve(),
  follow: async (page) => {
    await page.getByRole('button', { name: 'Read my todos' }).click()
    await page.getByRole('button', { name: /Policies/ }).click()
    await expect(page.getByText('for select').first()).toBeVisible()
  },
  people: (page) => expect(page.getByText('Return the library books')).toBeVisible(),
  'break-in': async (page) => {
    await page.getByRole('button', { name: 'Attack', exact: true }).click()
    await expect(page.getByText('Ran, and got nothing of others')).toBeVisible(MADE)
  },
  layers: async (page) => {
    await page.getByRole('button', { name: 'Attack every world' }).click()
    await expect(page.getByRole('button', { name: 'Ran, and got' })).toHaveCount(5, MADE)
  },
  'before-after': async (page) => {
    const search = page.getByRole('region', { name: 'Search todos' })
    await search.getByRole('button', { name: 'Send as Bob' }).click()
    await expect(search.getByText('Nothing leaked')).toBeVisible(MADE)
    await search.evaluate((section) => {
      section.scrollIntoView()
    })
  },
  policies: async (page) => {
    await page.getByText('list_members', { exact: true }).click(MADE)
    const sentences = page.getByText('A signed-in user may see').filter({ visible: true })
    await expect(sentences.first()).toBeVisible()
  },
  tokens: async (page) => {
    await page.getByRole('button', { name: 'HMAC with the public key' }).click()
    await expect(page.getByText('Refused with')).toBeVisible(MADE)
  },
}

for (const [look, options] of Object.entries(LOOKS)) {
  for (const [room, show] of Object.entries(ROOMS)) {
    const name = ['lab', room].filter(Boolean).join('-')
    test(`${name}, ${look}`, async ({ browser }) => {
      const context = await browser.newContext({ baseURL: ORIGIN, ...options })
      await signIn(context, DEMO_USERS.alice.id)
      const page = await context.newPage()
      await openSettled(page, `/lab/${room}`)
      await show(page)
      await takePicture(page, `${name}-${look}`)
      await context.close()
    })
  }
}
