/** What axe-core finds wrong with a page, once nothing on it fades or moves. */
import type { Page } from '@playwright/test'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { AxeResults } from 'axe-core'
import { fadesEnded } from './settled'

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** @returns a line for each finding: the rule, and the elements that break it */
export async function findAxeViolations(page: Page): Promise<string[]> {
  await fadesEnded(page)
  // By the debugger, which the page's Content-Security-Policy does not bind.
  await page.evaluate(AXE)
  const { violations } = await page.evaluate(async () => {
    const { axe } = globalThis as unknown as { axe: { run: () => Promise<AxeResults> } }
    return axe.run()
  })
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, any, all, none }) => {
      const why = [...any, ...all, ...none].map(({ message }) => message).join(' ')
      return `${id}: ${html.slice(0, 200)} — ${why}`
    }),
  )
}
