import { expect, SCREENS, test } from './fixtures'
import { TodoScreen } from './todo-screen'

for (const path of SCREENS) {
  test(`on ${path}, two users side by side see only their own`, async ({ alice, bob }) => {
    const hers = await TodoScreen.open(alice.page, path)
    const his = await TodoScreen.open(bob.page, path)
    await hers.add('Alice’s secret')
    await his.add('Bob’s errand')
    await hers.reload()
    await his.reload()
    await hers.expectTasks(['Alice’s secret'])
    await his.expectTasks(['Bob’s errand'])
  })

  test(`on ${path}, Bob completing and clearing everything leaves Alice’s list alone`, async ({
    alice,
    bob,
  }) => {
    const hers = await TodoScreen.open(alice.page, path)
    await hers.add('Alice’s secret')
    const his = await TodoScreen.open(bob.page, path)
    await his.add('Bob’s errand')
    await bob.page.getByRole('checkbox', { name: 'Mark all as complete' }).click()
    await bob.page.getByRole('button', { name: 'Clear completed' }).click()
    await his.expectTasks([])
    await his.saved()
    await hers.reload()
    await hers.expectTasks(['Alice’s secret'])
    await expect(hers.checkbox('Alice’s secret')).not.toBeChecked()
  })
}

test('each data source reads what the other writes', async ({ alice }) => {
  const onServer = await TodoScreen.open(alice.page, '/server')
  await onServer.add('Written on the server')
  const inBrowser = await TodoScreen.open(alice.page, '/browser')
  await inBrowser.expectTasks(['Written on the server'])
  await inBrowser.add('Written in the browser')
  await TodoScreen.open(alice.page, '/server')
  await onServer.expectTasks(['Written on the server', 'Written in the browser'])
})

/** Alice does something; the request that her browser sent for it is then sent again by Bob. */
const REPLAYED: [string, (screen: TodoScreen) => Promise<void>][] = [
  ['completing her todo', (screen) => screen.checkbox('Alice’s secret').click()],
  [
    'renaming her todo',
    async (screen) => {
      const field = await screen.startEditing('Alice’s secret')
      await field.fill('Alice’s plan')
      await field.press('Enter')
    },
  ],
  ['deleting her todo', (screen) => screen.delete('Alice’s secret')],
]

for (const [what, act] of REPLAYED) {
  test(`Bob replaying Alice’s server action for ${what} changes nothing of hers`, async ({
    alice,
    bob,
  }) => {
    const screen = await TodoScreen.open(alice.page, '/server')
    await screen.add('Alice’s secret')
    // Alice's own request is kept from arriving, so that only Bob's copy of it reaches the server.
    const [action] = await Promise.all([
      alice.page.waitForRequest((request) => Boolean(request.headers()['next-action'])),
      alice.page.route('**/server**', (route) =>
        route.request().method() === 'POST' ? route.abort() : route.continue(),
      ),
      act(screen),
    ])
    const headers = action.headers()
    delete headers.cookie
    const replay = await bob.page.request.fetch(action.url(), {
      method: 'POST',
      headers,
      data: action.postDataBuffer() ?? Buffer.alloc(0),
    })
    expect(replay.status(), 'the action ran, as Bob').toBe(200)
    // The parameters that Bob has sent come back to him, a row of hers does not.
    expect(await replay.text()).not.toContain('Alice’s secret')
    await alice.page.unroute('**/server**')
    await screen.reload()
    await screen.expectTasks(['Alice’s secret'])
    await expect(screen.checkbox('Alice’s secret')).not.toBeChecked()
  })
}
