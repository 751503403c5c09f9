import type { Page } from '@playwright/test'
import { enterPassword, expect, newUser, PASSWORD, SCREENS, test } from './fixtures'
import { join, ListScreen } from './list-screen'
import { ownToken, runSql } from './sql-console'
import { stack } from './stack'

for (const path of SCREENS) {
  test(`on ${path}, two people share a list by a link, and both work in it`, async ({
    alice,
    bob,
  }) => {
    const hers = await ListScreen.create(alice.page, path, 'Groceries')
    await hers.todos.add('Milk')
    await join(bob.page, await hers.makeLink('Can edit'))

    const his = new ListScreen(bob.page)
    await his.isOpen('Groceries')
    await bob.page.goto(his.address(path))
    await his.todos.expectTasks(['Milk'])
    await his.todos.add('Bread')
    await his.todos.checkbox('Milk').click()
    await his.todos.saved()

    await hers.todos.reload()
    await hers.todos.expectTasks(['Milk', 'Bread'])
    await expect(hers.todos.checkbox('Milk')).toBeChecked()
    await expect(hers.todos.item('Bread')).toContainText('Bob')
    await expect(hers.link('Groceries')).toHaveAccessibleName(/^Groceries.*shared, 1 open$/)

    await hers.openSharing()
    await expect(hers.member('Alice')).toContainText('Owner')
    await expect(hers.role('Bob')).toHaveValue('editor')
  })

  test(`on ${path}, a viewer sees everything and is offered nothing to change`, async ({
    alice,
    bob,
  }) => {
    const hers = await ListScreen.create(alice.page, path, 'Plans')
    await hers.todos.add('Lisbon')
    await join(bob.page, await hers.makeLink('Can view'))
    const his = new ListScreen(bob.page)
    await his.isOpen('Plans')
    await bob.page.goto(his.address(path))

    await expect(bob.page.getByText('Lisbon')).toBeVisible()
    await expect(his.todos.newTodo).toBeHidden()
    await expect(his.todos.checkbox('Lisbon')).toBeDisabled()
    await expect(bob.page.getByRole('button', { name: /^(Edit|Delete) / })).toHaveCount(0)
    await his.openSharing()
    await expect(his.member('Alice')).toBeVisible()
    await expect(his.dialog.getByRole('combobox')).toHaveCount(0)
    await expect(his.dialog.getByRole('button', { name: /link|invit|remove/i })).toHaveCount(0)
  })
}

test('what an owner changes about a member holds at once, also on a screen that is open', async ({
  alice,
  bob,
}) => {
  const hers = await ListScreen.create(alice.page, '/server', 'Move')
  await join(bob.page, await hers.makeLink('Can edit'))
  const his = new ListScreen(bob.page)
  await his.isOpen('Move')

  await hers.openSharing()
  await hers.role('Bob').selectOption('Can view')
  await expect(hers.role('Bob')).toHaveValue('viewer')
  await hers.close()
  await his.todos.newTodo.fill('Too late')
  await his.todos.newTodo.press('Enter')
  await expect(his.todos.items.getByText(/not added/)).toBeVisible()
  await hers.todos.reload()
  await hers.todos.expectTasks([])

  await hers.openSharing()
  await hers.role('Bob').selectOption('Remove…')
  await hers.dialog.getByRole('button', { name: 'Remove Bob' }).click()
  await expect(hers.member('Bob')).toBeHidden()
  await bob.page.reload()
  await expect(bob.page.getByRole('heading', { name: 'This list is not here' })).toBeVisible()
  await expect(his.link('Move')).toHaveCount(0)
})

test('a link that was revoked, cut off or made up opens nothing', async ({ alice, bob }) => {
  const hers = await ListScreen.create(alice.page, '/browser', 'Secret plan')
  const address = await hers.makeLink('Can edit')
  await hers.openSharing()
  await hers.dialog.getByRole('button', { name: 'Revoke the link: Can edit' }).click()
  await expect(hers.dialog.getByRole('button', { name: 'Create link: Can edit' })).toBeVisible()

  const madeUp = `${address.split('#')[0] ?? ''}#${'A'.repeat(43)}`
  for (const dead of [address, madeUp]) {
    await bob.page.goto(dead)
    await bob.page.reload()
    await expect(bob.page.getByText(/invitation is not valid/)).toBeVisible()
    await expect(bob.page.getByText('Secret plan')).toBeHidden()
    await expect(bob.page.getByRole('button', { name: 'Join the list' })).toBeHidden()
  }
  await bob.page.goto(address.slice(0, -1))
  await bob.page.reload()
  await expect(bob.page.getByRole('heading', { name: 'This link is not complete' })).toBeVisible()
})

test('a link leads back through signing in, and its secret reaches no server but the database', async ({
  alice,
  page,
}) => {
  const hers = await ListScreen.create(alice.page, '/server', 'Party')
  const address = await hers.makeLink('Can edit')
  const secret = address.split('#')[1] ?? ''
  const carol = await newUser('Carol')
  const told: string[] = []
  page.on('request', (request) => {
    if (request.url() === stack().NEXT_PUBLIC_SQL_URL) return
    told.push(request.url(), JSON.stringify(request.headers()), request.postData() ?? '')
  })

  await page.goto(address)
  await expect(page.getByText('Party')).toBeHidden()
  await page.getByRole('link', { name: 'Sign in' }).click()
  await enterPassword(page, carol.email, PASSWORD)
  // Who has the secret sees what it opens, before joining.
  await expect(page.getByRole('heading', { name: 'You are invited to Party' })).toBeVisible()
  await expect(page.getByRole('main')).toContainText(
    'The list of Alice. You will see it, and change it.',
  )
  await page.getByRole('button', { name: 'Join the list' }).click()
  await new ListScreen(page).isOpen('Party')
  expect(secret).toHaveLength(43)
  expect(told.filter((text) => text.includes(secret))).toEqual([])
})

test('an invitation waits for its address, once that is verified', async ({ alice, page }) => {
  const hers = await ListScreen.create(alice.page, '/server', 'Choir')
  const email = `carol-${crypto.randomUUID()}@example.com`
  await hers.openSharing()
  await hers.dialog.getByRole('textbox', { name: 'E-mail address' }).fill(email.toUpperCase())
  await hers.dialog.getByRole('button', { name: 'Invite' }).click()
  await expect(hers.dialog.getByText(`${email} · Can edit · waiting`)).toBeVisible()

  // Signing up proves nothing about the address: anyone could have taken it.
  await page.goto('/sign-up')
  await page.getByLabel('Email address').fill(email)
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD)
  await page.getByRole('button', { name: 'Continue', exact: true }).click()
  await expect(page).toHaveURL(/\/server$/)
  await expect(page.getByRole('navigation', { name: 'Lists' })).toBeVisible()
  await expect(page.getByRole('button', { name: 'Join Choir' })).toHaveCount(0)

  await verifyAddress(page)
  await page.reload()
  await page.getByRole('button', { name: 'Join Choir' }).click()
  const theirs = new ListScreen(page)
  await theirs.isOpen('Choir')
  await theirs.todos.add('Sing')
  await hers.close()
  await hers.todos.reload()
  await hers.todos.expectTasks(['Sing'])
})

test('an owner hands the list over, and then leaves it', async ({ alice, bob }) => {
  const hers = await ListScreen.create(alice.page, '/browser', 'Club')
  await join(bob.page, await hers.makeLink('Can view'))
  const his = new ListScreen(bob.page)
  await his.isOpen('Club')

  await hers.openSharing()
  await hers.role('Bob').selectOption('Make owner…')
  await hers.dialog.getByRole('button', { name: 'Make Bob the owner' }).click()
  await expect(hers.member('Bob')).toContainText('Owner')
  await expect(hers.dialog.getByRole('button', { name: /Create link/ })).toHaveCount(0)
  await hers.close()
  await hers.choose('Club', /Leave/)
  await hers.dialog.getByRole('button', { name: 'Leave the list' }).click()
  await expect(alice.page).toHaveURL(/\/browser$/)
  await expect(hers.link('Club')).toHaveCount(0)

  await bob.page.reload()
  await his.choose('Club', /Delete/)
  await expect(his.dialog).toContainText('its 0 todos')
  await his.dialog.getByRole('button', { name: 'Delete the list' }).click()
  await expect(his.link('Club')).toHaveCount(0)
})

for (const path of SCREENS) {
  test(`on ${path}, a todo moves to another list, and out of it only by its author`, async ({
    alice,
    bob,
  }) => {
    const hers = await ListScreen.create(alice.page, path, 'Garden')
    await join(bob.page, await hers.makeLink('Can edit'))
    await alice.page.goto(path)
    await hers.todos.add('Water the roses')
    await hers.choose('Water the roses', /Move to a list/)
    await hers.dialog.getByRole('button', { name: 'Garden' }).click()
    await hers.todos.expectTasks([])
    await hers.todos.saved()

    const his = new ListScreen(bob.page)
    await his.isOpen('Garden')
    await bob.page.reload()
    await his.todos.expectTasks(['Water the roses'])
    await his.choose('Water the roses', /Move to a list/)
    await expect(his.dialog).toContainText('There is no other list')
    await his.close()

    await hers.link('Garden').click()
    await hers.todos.expectTasks(['Water the roses'])
    await hers.choose('Water the roses', /Move to a list/)
    await hers.dialog.getByRole('button', { name: 'My todos' }).click()
    await hers.todos.expectTasks([])
    await alice.page.getByRole('button', { name: 'Undo' }).click()
    await hers.todos.expectTasks(['Water the roses'])
    await hers.todos.saved()
  })
}

test('the only owner cannot leave a list behind', async ({ alice }) => {
  const hers = await ListScreen.create(alice.page, '/server', 'Alone')
  await alice.page.getByRole('button', { name: 'Actions for Alone' }).click()
  await expect(alice.page.getByRole('menuitem', { name: /Delete/ })).toBeVisible()
  await expect(alice.page.getByRole('menuitem', { name: /Leave/ })).toHaveCount(0)
  await alice.page.keyboard.press('Escape')
  await expect(hers.link('Alone')).toBeVisible()
})

/** Asks for the code in the profile and enters it, as Clerk's own component does. */
async function verifyAddress(page: Page): Promise<void> {
  await page.waitForFunction(() => window.Clerk?.user)
  await page.evaluate(async () => {
    const address = window.Clerk?.user?.primaryEmailAddress
    await address?.prepareVerification({ strategy: 'email_code' })
    await address?.attemptVerification({ code: '424242' })
    await window.Clerk?.session?.getToken({ skipCache: true })
  })
}

/** What a former member types into the console; $1 is the list. None of it may reach the list. */
const BY_A_FORMER_MEMBER: [string, string][] = [
  ['reading the todos', 'select * from todos where list_id = $1'],
  ['reading the list', 'select * from lists where id = $1'],
  ['reading the members', 'select * from list_members where list_id = $1'],
  ['reading the links', 'select * from list_links where list_id = $1'],
  ['reading the invitations', 'select * from list_invitations where list_id = $1'],
  ['adding a todo', `insert into todos (task, list_id) values ('back', $1) returning *`],
  ['moving a todo in', 'update todos set list_id = $1 returning *'],
  ['changing the todos', `update todos set task = 'Bob' where list_id = $1 returning *`],
  ['taking the todos out', 'update todos set list_id = null where list_id = $1 returning *'],
  ['deleting the todos', 'delete from todos where list_id = $1 returning *'],
  ['renaming the list', `update lists set name = 'Bob’s' where id = $1 returning *`],
  ['deleting the list', 'delete from lists where id = $1 returning *'],
  [
    'becoming a member again',
    `insert into list_members (list_id, user_id, role) values ($1, auth.user_id(), 'owner')`,
  ],
  [
    'making a link',
    `insert into list_links (list_id, role, secret_hash) values ($1, 'editor', repeat('a', 64))`,
  ],
  [
    'inviting themselves',
    `insert into list_invitations (list_id, list_name, email, role) values ($1, 'x', 'bob@example.com', 'editor')`,
  ],
  [
    'reporting every id',
    'insert into reports (todo_id) select id from todos where list_id = $1 returning *',
  ],
]

test('a former member’s own SQL gets nothing of the list', async ({ alice, bob }) => {
  const hers = await ListScreen.create(alice.page, '/server', 'Secret club')
  await hers.todos.add('Secret plan')
  await join(bob.page, await hers.makeLink('Can edit'))
  const his = new ListScreen(bob.page)
  await his.isOpen('Secret club')
  await his.todos.add('Bob’s idea')
  const listId = his.address('').split('/').at(-1) ?? ''
  const token = await ownToken(bob.page)
  const ask = (sql: string) => runSql(bob.page, sql, { token, params: [listId] })
  // So that the attacks below would reach it.
  expect((await ask('select * from todos where list_id = $1')).text).toContain('Secret plan')

  await his.choose('Secret club', /Leave/)
  await his.dialog.getByRole('button', { name: 'Leave the list' }).click()
  await expect(his.link('Secret club')).toHaveCount(0)

  for (const [what, sql] of BY_A_FORMER_MEMBER) {
    const { status, text } = await ask(sql)
    expect(status === 400 || text.includes('"rows":[]'), `${what}: ${text}`).toBe(true)
    expect(text).not.toContain('Secret plan')
  }
  await hers.todos.reload()
  await hers.todos.expectTasks(['Secret plan', 'Bob’s idea'])
  await hers.openSharing()
  await expect(hers.dialog.getByText('Bob')).toHaveCount(0)
})
