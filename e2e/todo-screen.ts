/** The todo screen as a person sees it: every element by its role and name. */
import { expect, type Locator, type Page, type Request } from '@playwright/test'
import { stack } from './stack'

export class TodoScreen {
  readonly page: Page
  readonly newTodo: Locator
  readonly items: Locator
  readonly alert: Locator
  /** What failed: each with its reason and what can be done. */
  readonly failures: Locator
  readonly undo: Locator

  constructor(page: Page) {
    this.page = page
    this.newTodo = page.getByRole('textbox', { name: 'New todo' })
    this.items = page.getByRole('list', { name: 'Todos' }).getByRole('listitem')
    // Next announces routes in an alert of its own.
    this.alert = page.locator('[role=alert]:not(#__next-route-announcer__)', { hasText: /\S/ })
    this.failures = page.locator('[data-slot=failure]')
    this.undo = page.getByRole('button', { name: 'Undo' })
  }

  static async open(page: Page, path: string): Promise<TodoScreen> {
    const screen = new TodoScreen(page)
    await page.goto(path)
    await screen.isLive()
    return screen
  }

  /** Waits until the page reacts: before that, its forms send the whole page. */
  async isLive(): Promise<void> {
    await expect(this.newTodo).toBeVisible()
    await expect(this.page.locator('[data-live=true]')).toBeVisible()
  }

  /** Types todos as a person does, without waiting for anything. */
  async type(...tasks: string[]): Promise<void> {
    for (const task of tasks) {
      await this.newTodo.fill(task)
      await this.newTodo.press('Enter')
    }
  }

  /** Adds todos, and waits until they are saved. */
  async add(...tasks: string[]): Promise<void> {
    for (const task of tasks) {
      await this.type(task)
      await expect(this.item(task)).toBeVisible()
      await expect(this.newTodo).toHaveValue('')
    }
    await this.saved()
  }

  /** Waits for the database's answer: the screen shows a change before it is saved. */
  async saved(): Promise<void> {
    await expect(this.page.locator('[aria-busy]')).toHaveAttribute('aria-busy', 'false')
  }

  async reload(): Promise<void> {
    await this.saved()
    await this.page.reload()
    await this.isLive()
  }

  item(task: string): Locator {
    return this.items.filter({ has: this.page.getByRole('checkbox', { name: task, exact: true }) })
  }

  checkbox(task: string): Locator {
    return this.items.getByRole('checkbox', { name: task, exact: true })
  }

  failure(task: string): Locator {
    return this.failures.filter({ hasText: `“${task}”` })
  }

  async startEditing(task: string): Promise<Locator> {
    await this.item(task).hover()
    await this.page.getByRole('button', { name: `Edit ${task}`, exact: true }).click()
    const field = this.page.getByRole('textbox', { name: 'Edit todo' })
    await expect(field).toBeFocused()
    return field
  }

  async delete(task: string): Promise<void> {
    await this.item(task).hover()
    await this.page.getByRole('button', { name: `Delete ${task}`, exact: true }).click()
  }

  async deleteAll(): Promise<void> {
    for (const task of await this.items.getByRole('checkbox').all()) await task.check()
    const clear = this.page.getByRole('button', { name: 'Clear completed' })
    if (await clear.isVisible()) await clear.click()
    await this.expectTasks([])
    await this.saved()
  }

  async filter(name: 'All' | 'Active' | 'Completed'): Promise<void> {
    const links = this.page.getByRole('navigation', { name: 'Filter' })
    const link = links.getByRole('link', { name, exact: true })
    await link.click()
    await expect(link).toHaveAttribute('aria-current', 'page')
  }

  /** Everything on the list, in order, once it is so. */
  async expectTasks(tasks: string[]): Promise<void> {
    await expect(this.items.getByRole('checkbox')).toHaveCount(tasks.length)
    for (const [index, task] of tasks.entries()) {
      await expect(this.items.nth(index).getByRole('checkbox')).toHaveAccessibleName(task)
    }
  }
}

/** Whether a request of the page changes or reads todos, on either of the two ways. */
function isTodoRequest(request: Request): boolean {
  if (request.method() !== 'POST') return false
  // A live query is not asked for by what a person does.
  if (request.headers().accept === 'text/event-stream') return false
  const { pathname } = new URL(request.url())
  return request.url() === stack().NEXT_PUBLIC_SQL_URL || pathname.startsWith('/server')
}

/** What a todo request carries: a server action's arguments, or SQL with its parameters. */
const bodyOf = (request: { postData: () => string | null }) => request.postData() ?? ''

/** Lets every todo request that carries this text fail, as a network does. Returns the way back. */
export async function breakNetwork(page: Page, text = ''): Promise<() => Promise<void>> {
  await page.route(
    () => true,
    (route, request) =>
      isTodoRequest(request) && bodyOf(request).includes(text) ? route.abort() : route.fallback(),
  )
  return () => page.unrouteAll()
}

/** Lets no todo request of the page get an answer, from now on. */
export async function holdNetwork(page: Page): Promise<void> {
  await page.route(
    () => true,
    (route, request) => (isTodoRequest(request) ? Promise.resolve() : route.fallback()),
  )
}

/** Counts the todo requests that carry a text, from now on. */
export function countRequests(page: Page, text: string): () => number {
  let count = 0
  page.on('request', (request) => {
    if (isTodoRequest(request) && bodyOf(request).includes(text)) count++
  })
  return () => count
}
