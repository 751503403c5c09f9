/**
 * Performs a page of the docs as it is written: every item of its numbered lists is a step, in words that this
 * file knows. An item in other words is an error, so that no step is left out unnoticed.
 */
import { readFileSync } from 'node:fs'
import { test, type Locator, type Page } from '@playwright/test'
import { expect } from './fixtures'

/** What an item may say, and how it is done. Names on the screen are bold, text on it is in curly quotes. */
const VERBS: readonly (readonly [RegExp, (page: Page, found: Found) => Promise<unknown>])[] = [
  [/Open `(?<path>\/[^`]*)`\./, (page, { path = '' }) => page.goto(path)],
  [
    /Click \*\*`?(?<name>.+?)`?\*\*(?: in \*\*(?<region>.+?)\*\*)?\./,
    (page, { name = '', region }) => control(page, region, name).click({ timeout: PATIENCE_MS }),
  ],
  [
    /Choose \*\*`?(?<name>.+?)`?\*\*(?: in \*\*(?<region>.+?)\*\*)?\./,
    (page, { name = '', region }) =>
      within(page, region)
        .locator('label')
        .getByText(name, { exact: true })
        .first()
        .click({ timeout: PATIENCE_MS }),
  ],
  [
    /Select \*\*(?<option>.+?)\*\* for \*\*`?(?<name>.+?)`?\*\*\./,
    (page, { option = '', name = '' }) =>
      page.getByRole('combobox', { name }).selectOption({ label: option }),
  ],
  [
    /Type `(?<text>[^`]+)` into \*\*`?(?<name>.+?)`?\*\*\./,
    (page, { text = '', name = '' }) =>
      page.getByRole('textbox', { name, exact: true }).first().fill(text, { timeout: PATIENCE_MS }),
  ],
  [
    /Press `(?<keys>[^`]+)`\./,
    (page, { keys = '' }) => page.keyboard.press(keys.replace('Ctrl', 'Control')),
  ],
  [
    /You see “(?<text>[^”]+)”(?: in \*\*(?<region>.+?)\*\*)?\./,
    (page, { text = '', region }) =>
      expect(within(page, region).getByText(text).filter({ visible: true }).first()).toBeVisible({
        timeout: PATIENCE_MS,
      }),
  ],
]

/** Some steps make half a dozen databases. */
const PATIENCE_MS = 60_000

type Found = Readonly<Partial<Record<string, string>>>

export async function performPage(page: Page, file: string): Promise<void> {
  for (const { heading, items } of sectionsOf(readFileSync(file, 'utf8'))) {
    await test.step(heading, async () => {
      for (const item of items) await test.step(item, () => perform(page, item))
    })
  }
}

/** The numbered items below each heading, each as one line. */
function sectionsOf(text: string): { heading: string; items: string[] }[] {
  return text
    .split(/^#+ /m)
    .map((section) => {
      const [heading = '', ...lines] = section.split('\n')
      const items = lines
        .join('\n')
        .split(/^(?=\d+\. |- |\S)/m)
        .filter((part) => /^\d+\. /.test(part))
        .map((part) =>
          part
            .replace(/^\d+\. /, '')
            .replace(/\s+/g, ' ')
            .trim(),
        )
      return { heading, items }
    })
    .filter(({ items }) => items.length > 0)
}

async function perform(page: Page, item: string): Promise<void> {
  let rest = item
  while (rest !== '') {
    const said = rest
    const step = VERBS.map(([words, run]) => ({
      found: new RegExp(`^${words.source}`).exec(said),
      run,
    })).find(({ found }) => found !== null)
    if (!step?.found) throw new Error(`No test knows how to do this: ${said}`)
    await step.run(page, step.found.groups ?? {})
    rest = rest.slice(step.found[0].length).trim()
  }
}

const within = (page: Page, region: string | undefined): Page | Locator =>
  region === undefined ? page : page.getByRole('region', { name: region, exact: true })

/** A button, a link, or the line that opens a part of the page, by its name or by a text in it. */
function control(page: Page, region: string | undefined, name: string): Locator {
  const where = within(page, region)
  return where
    .getByRole('button', { name, exact: true })
    .or(where.getByRole('link', { name, exact: true }))
    .or(where.locator('summary, button').filter({ has: page.getByText(name, { exact: true }) }))
    .filter({ visible: true })
    .first()
}
