import { readFile } from 'node:fs/promises'
import type { Page } from '@playwright/test'
import { expect, SCREENS, test } from './fixtures'
import { stack } from './stack'
import { TodoScreen } from './todo-screen'

const open = async (page: Page, entry: 'Import…' | 'Export…') => {
  await page.getByRole('button', { name: 'More for this list' }).click()
  await page.getByRole('menuitem', { name: entry }).click()
}

const choose = (page: Page, name: string, text: string) =>
  page.getByLabel('File').setInputFiles({ name, mimeType: 'text/plain', buffer: Buffer.from(text) })

async function download(page: Page, button: 'Export JSON' | 'Export CSV'): Promise<string> {
  await open(page, 'Export…')
  const downloading = page.waitForEvent('download')
  await page.getByRole('button', { name: button }).click()
  const file = await readFile(await (await downloading).path(), 'utf8')
  await page.getByRole('button', { name: 'Close' }).click()
  return file
}

for (const path of SCREENS) {
  test.describe(`on ${path}`, () => {
    for (const format of ['JSON', 'CSV'] as const) {
      test(`what one exports as ${format}, another imports, and twice is once`, async ({
        alice,
        bob,
      }) => {
        const screen = await TodoScreen.open(alice.page, path)
        await screen.add('=1+1', 'Buy "oat", milk', 'done')
        await screen.checkbox('done').click()
        await screen.saved()
        const file = await download(alice.page, `Export ${format}`)
        expect(file).toContain(format === 'CSV' ? `"'=1+1"` : '"task":"=1+1"')

        // Alice has them all.
        await open(alice.page, 'Import…')
        await choose(alice.page, `todos.${format.toLowerCase()}`, file)
        await alice.page.getByRole('button', { name: 'Import 3 todos' }).click()
        await expect(alice.page.getByText('0 todos added. 3 were there already.')).toBeVisible()

        // Bob has none, though Alice has their ids.
        const bobs = await TodoScreen.open(bob.page, path)
        for (const outcome of ['3 todos added.', '0 todos added. 3 were there already.']) {
          await open(bob.page, 'Import…')
          await choose(bob.page, `todos.${format.toLowerCase()}`, file)
          await bob.page.getByRole('button', { name: 'Import 3 todos' }).click()
          await expect(bob.page.getByText(outcome, { exact: true })).toBeVisible()
          await bob.page.getByRole('button', { name: 'Close' }).first().click()
        }
        await bobs.expectTasks(['=1+1', 'Buy "oat", milk', 'done'])
        await expect(bobs.checkbox('done')).toBeChecked()
        await bobs.reload()
        await bobs.expectTasks(['=1+1', 'Buy "oat", milk', 'done'])
      })
    }

    test('a long import shows its progress, and an export has every page', async ({ alice }) => {
      const { page } = alice
      const screen = await TodoScreen.open(page, path)
      const lines = Array.from({ length: 1_200 }, (_, index) => `Todo ${index}`)
      await open(page, 'Import…')
      await choose(page, 'many.txt', lines.join('\n'))
      await page.getByRole('button', { name: 'Import 1,200 todos' }).click()
      await expect(page.getByRole('progressbar', { name: 'Importing' })).toBeVisible()
      await expect(page.getByText('1,200 todos added.')).toBeVisible({ timeout: 30_000 })
      await page.getByRole('button', { name: 'Close' }).first().click()
      await expect(page.getByText('1200 items left')).toBeVisible()
      await expect(screen.item('Todo 0')).toBeVisible()
      const file = await download(page, 'Export JSON')
      expect(file.match(/"task":"Todo \d+"/g)).toHaveLength(1_200)
    })
  })
}

test('a file that is broken or of the wrong shape says in which line, and adds nothing', async ({
  alice,
}) => {
  const { page } = alice
  const screen = await TodoScreen.open(page, '/browser')
  await open(page, 'Import…')
  const dialog = page.getByRole('dialog', { name: 'Import todos' })
  for (const [name, text, message] of [
    ['a.json', '{"todos": [\n{"task": "a"},\n]}', 'Line 3: the file is not valid JSON.'],
    [
      'a.csv',
      'task,due\na,2026-12-24\nb,soon',
      'Line 3: “due_on” is not a date such as 2026-12-24.',
    ],
    ['a.csv', 'task\n"a', 'Line 2: a quote is not closed.'],
    ['a.pdf', 'x', 'Only .json, .csv, .tsv, .txt and .md files can be imported.'],
  ] as const) {
    await choose(page, name, text)
    await expect(dialog.getByRole('alert')).toHaveText(message)
  }
  await page.keyboard.press('Escape')
  await screen.expectTasks([])
})

test('an import that is cancelled keeps what it added, and goes on where it stopped', async ({
  alice,
}) => {
  const { page } = alice
  const screen = await TodoScreen.open(page, '/browser')
  // The second batch is on its way until the import has been cancelled.
  let batches = 0
  let goOn: () => void = () => undefined
  const isCancelled = new Promise<void>((resolve) => {
    goOn = resolve
  })
  await page.route(stack().NEXT_PUBLIC_SQL_URL, async (route) => {
    const isBatch = route.request().postData()?.includes('insert into') === true
    if (isBatch && ++batches === 2) await isCancelled
    await route.continue()
  })
  await open(page, 'Import…')
  await choose(page, 'many.txt', Array.from({ length: 600 }, (_, i) => `Todo ${i}`).join('\n'))
  await page.getByRole('button', { name: 'Import 600 todos' }).click()
  await page.getByRole('button', { name: 'Cancel' }).click()
  goOn()
  await page.getByRole('button', { name: 'Go on' }).click()
  await expect(page.getByText(/^\d+ todos added\. \d+ were there already\.$/)).toBeVisible({
    timeout: 30_000,
  })
  await page.getByRole('button', { name: 'Close' }).first().click()
  await expect(page.getByText('600 items left')).toBeVisible()
  await screen.reload()
  await expect(page.getByText('600 items left')).toBeVisible()
})
