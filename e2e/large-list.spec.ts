import { expect, SCREENS, test } from './fixtures'
import { giveTodos } from './give-todos'
import { openDetails } from './row-actions'
import { TodoScreen } from './todo-screen'

const MANY = 5_000

for (const path of SCREENS) {
  test(`on ${path}, ${MANY} todos take no more of the document than fit into the window`, async ({
    alice,
  }) => {
    const { page } = alice
    await giveTodos(alice.userId, MANY)
    let streams = 0
    page.on('request', (request) => {
      if (request.headers().accept === 'text/event-stream') streams++
    })
    const screen = await TodoScreen.open(page, path)
    await expect(page.getByText(`${MANY} items left`)).toBeVisible()
    const rows = () => screen.items.count()
    // Once that is loaded which puts only some of them into the document.
    await expect.poll(rows).toBeLessThan(60)

    // The End key loads page after page, until the last todo is there.
    const last = screen.item(`Todo ${MANY}`)
    await expect(async () => {
      await page.keyboard.press('End')
      await expect(last).toBeVisible({ timeout: 250 })
    }).toPass({ timeout: 30_000 })
    expect(await rows()).toBeLessThan(60)
    await expect(last).toHaveAttribute('aria-posinset', String(MANY))

    await screen.checkbox(`Todo ${MANY}`).click()
    await screen.saved()
    await expect(screen.checkbox(`Todo ${MANY}`)).toBeChecked()
    await expect(page.getByText(`${MANY - 1} items left`)).toBeVisible()
    await page.keyboard.press('Home')
    await expect(screen.item('Todo 1')).toBeVisible()
    // Only while all of its todos come with each change, a list that grows is listened to anew.
    expect(streams).toBeLessThanOrEqual(4)
  })

  test(`on ${path}, marking ${MANY} todos and undoing it takes one request each`, async ({
    alice,
  }) => {
    const { page } = alice
    await giveTodos(alice.userId, MANY)
    const screen = await TodoScreen.open(page, path)
    await page.getByRole('checkbox', { name: 'Mark all as complete' }).click()
    await expect(page.getByText('0 items left')).toBeVisible()
    await screen.saved()
    await screen.undo.click()
    await expect(page.getByText(`${MANY} items left`)).toBeVisible()
    await screen.reload()
    await expect(page.getByText(`${MANY} items left`)).toBeVisible()
  })
}

for (const path of SCREENS) {
  test(`on ${path}, more notes than one request can hold are deleted at once, and come back`, async ({
    alice,
  }) => {
    const { page } = alice
    const notes = 'What is known about it. '.repeat(400)
    await giveTodos(alice.userId, 450, notes)
    const screen = await TodoScreen.open(page, path)
    const all = page.getByRole('checkbox', { name: 'Mark all as complete' })
    await all.click()
    await screen.saved()
    await page.getByRole('button', { name: 'Clear completed' }).click()
    await expect(screen.items).toHaveCount(0)
    await screen.saved()
    await screen.undo.click()
    await expect(screen.item('Todo 1')).toBeVisible()
    await screen.saved()
    await expect(screen.failures).toHaveCount(0)
    await screen.reload()
    await all.click()
    await expect(page.getByText('450 items left')).toBeVisible()
    const details = await openDetails(screen, 'Todo 7')
    await expect(details.getByRole('textbox', { name: 'Notes' })).toHaveValue(notes)
  })
}

test('the first HTML of /server has at most 100 kB with 5,000 todos, and the first of them', async ({
  alice,
}) => {
  await giveTodos(alice.userId, MANY)
  const answer = await alice.page.request.get('/server', { headers: { accept: 'text/html' } })
  const html = await answer.text()
  expect(html).toContain('Todo 1')
  expect(Buffer.byteLength(html)).toBeLessThanOrEqual(100_000)
})

test('a server action answers with the changed row, and not with the list', async ({ alice }) => {
  await giveTodos(alice.userId, 20)
  const screen = await TodoScreen.open(alice.page, '/server')
  const sent = alice.page.waitForRequest((request) =>
    (request.postData() ?? '').includes('"complete"'),
  )
  await screen.checkbox('Todo 7').click()
  const action = await sent
  await screen.saved()
  const again = await alice.page.request.fetch(action.url(), {
    method: 'POST',
    headers: action.headers(),
    data: action.postDataBuffer() ?? '',
  })
  const text = await again.text()
  expect(text).toContain('Todo 7')
  expect(text).not.toContain('Todo 8')
  expect(text.length).toBeLessThan(1_000)
})
