/** A shared list as people see it, and the dialog that shares it. */
import { expect, type Locator, type Page } from '@playwright/test'
import { TodoScreen } from './todo-screen'

export type Role = 'Can view' | 'Can edit'

export class ListScreen {
  readonly page: Page
  readonly todos: TodoScreen
  readonly dialog: Locator

  constructor(page: Page) {
    this.page = page
    this.todos = new TodoScreen(page)
    this.dialog = page.getByRole('dialog')
  }

  /** Creates a list at the side of a page, and opens it. */
  static async create(page: Page, path: string, name: string): Promise<ListScreen> {
    const screen = new ListScreen(page)
    await page.goto(path)
    await page.getByRole('button', { name: 'New list' }).click()
    await page.getByRole('textbox', { name: 'Name of the new list' }).fill(name)
    await page.keyboard.press('Enter')
    await screen.isOpen(name)
    return screen
  }

  async isOpen(name: string): Promise<void> {
    await expect(this.page.getByRole('heading', { level: 1, name, exact: true })).toBeVisible()
    await expect(this.page).toHaveURL(/\/lists\//)
  }

  /** Its address in the other place, or the same. */
  address(path: string): string {
    return `${path}/lists/${new URL(this.page.url()).pathname.split('/').at(-1) ?? ''}`
  }

  link(name: string): Locator {
    return this.page.getByRole('navigation', { name: 'Lists' }).getByRole('link', { name })
  }

  async openSharing(): Promise<void> {
    await this.page.getByRole('button', { name: /^(Share|Members)$/ }).click()
    await expect(this.dialog.getByRole('heading', { name: 'Members', exact: true })).toBeVisible()
  }

  async close(): Promise<void> {
    await this.dialog.getByRole('button', { name: 'Close' }).click()
    await expect(this.dialog).toBeHidden()
  }

  /** Makes a link, and returns its address as the dialog shows it. */
  async makeLink(role: Role): Promise<string> {
    await this.openSharing()
    await this.dialog.getByRole('button', { name: `Create link: ${role}` }).click()
    const address = await this.dialog.getByRole('textbox', { name: `Link: ${role}` }).inputValue()
    await this.close()
    return address
  }

  member(name: string): Locator {
    return this.dialog.getByRole('listitem').filter({ hasText: name })
  }

  role(name: string): Locator {
    return this.dialog.getByRole('combobox', { name: `Role of ${name}` })
  }

  /** Chooses in the menu of the list, or of a todo. */
  async choose(of: string, item: RegExp): Promise<void> {
    await this.page.getByRole('button', { name: `Actions for ${of}`, exact: true }).click()
    await this.page.getByRole('menuitem', { name: item }).click()
  }
}

export async function join(page: Page, address: string): Promise<void> {
  await page.goto(address)
  await page.getByRole('button', { name: 'Join the list' }).click()
}
