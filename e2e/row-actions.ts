/** What people do with a row beside ticking and editing it. */
import { expect, type Locator } from '@playwright/test'
import type { TodoScreen } from './todo-screen'

/** Opens the “⋯” menu of a row and chooses an entry. */
export async function chooseFor(screen: TodoScreen, task: string, entry: string): Promise<void> {
  await screen.page.getByRole('button', { name: `Actions for ${task}`, exact: true }).click()
  await screen.page.getByRole('menuitem', { name: entry, exact: true }).click()
}

export async function openDetails(screen: TodoScreen, task: string): Promise<Locator> {
  await chooseFor(screen, task, 'Due date and notes')
  const details = screen.page.getByRole('group', { name: `Details of ${task}`, exact: true })
  await expect(details).toBeVisible()
  return details
}

/** Puts the focus on a row itself. */
export async function focusRow(screen: TodoScreen, task: string): Promise<Locator> {
  const row = screen.item(task)
  await row.focus()
  await expect(row).toBeFocused()
  return row
}
