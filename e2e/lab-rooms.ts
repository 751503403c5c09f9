/** Each room of the lab, and how to get to see what it is for; the entrance is the room without a name. */
import type { Page } from '@playwright/test'
import { expect } from './fixtures'

/** Databases are made for some. */
const MADE = { timeout: 60_000 }

export const LAB_ROOMS: Readonly<Record<string, (page: Page) => Promise<unknown>>> = {
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
