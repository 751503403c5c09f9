import { expect, test, withPerson, type Person } from './fixtures'
import { join, ListScreen } from './list-screen'
import { makeModerator } from './moderator'
import { ownToken, runSql } from './sql-console'
import { stack } from './stack'

/** Alice shares a list with Bob; he reports her insult, and not her other todo. */
async function reportInsult(alice: Person, bob: Person) {
  const insult = `Bob is a fool ${crypto.randomUUID()}`
  const other = `Nobody’s business ${crypto.randomUUID()}`
  const hers = await ListScreen.create(alice.page, '/server', 'Neighbours')
  await hers.todos.add(insult, other)
  await join(bob.page, await hers.makeLink('Can view'))
  const his = new ListScreen(bob.page)
  await his.isOpen('Neighbours')
  await his.choose(insult, /Report/)
  await his.dialog.getByRole('textbox', { name: 'What is wrong with it?' }).fill('Unkind')
  await his.dialog.getByRole('button', { name: 'Report' }).click()
  await his.dialog.getByRole('button', { name: 'Done' }).click()
  return { hers, his, insult, other }
}

const withModerator = test.extend<{ moderator: Person }>({
  moderator: async ({ browser }, use) => {
    await withPerson(browser, 'Morgan', async (person) => {
      await makeModerator(person)
      await use(person)
    })
  },
})

withModerator(
  'a moderator sees what was reported and why, hides it, shows it again and deletes it',
  async ({ alice, bob, moderator }) => {
    const { hers, his, insult, other } = await reportInsult(alice, bob)
    const { page } = moderator
    await page.goto('/server')
    await page.getByRole('link', { name: 'Reported todos' }).click()
    const card = page.getByRole('listitem').filter({ has: page.getByText(insult, { exact: true }) })
    await expect(card).toContainText('Unkind')
    await expect(page.getByText(other)).toHaveCount(0)

    await card.getByRole('button', { name: 'Hide' }).click()
    await expect(card.getByRole('button', { name: 'Show again' })).toBeVisible()
    await bob.page.reload()
    await his.todos.expectTasks([other])
    // Its author still sees it.
    await hers.todos.reload()
    await hers.todos.expectTasks([insult, other])

    await card.getByRole('button', { name: 'Show again' }).click()
    await expect(card.getByRole('button', { name: 'Hide' })).toBeVisible()
    await bob.page.reload()
    await his.todos.expectTasks([insult, other])

    await card.getByRole('button', { name: /Delete/ }).click()
    await card.getByRole('button', { name: 'Delete the todo' }).click()
    await expect(card).toHaveCount(0)
    await bob.page.reload()
    await his.todos.expectTasks([other])
  },
)

withModerator('a dismissed report leaves the todo alone', async ({ alice, bob, moderator }) => {
  const { his, insult, other } = await reportInsult(alice, bob)
  const { page } = moderator
  await page.goto('/moderate')
  const card = page.getByRole('listitem').filter({ has: page.getByText(insult, { exact: true }) })
  await card.getByRole('button', { name: /Dismiss/ }).click()
  await expect(card).toHaveCount(0)
  await bob.page.reload()
  await his.todos.expectTasks([insult, other])
})

test('for everyone else there is no such page, and no such role', async ({ bob }) => {
  await ListScreen.create(bob.page, '/server', 'Bob’s list')
  await expect(bob.page.getByRole('link', { name: 'Reported todos' })).toHaveCount(0)
  const answer = await bob.page.goto('/moderate')
  expect(answer?.status()).toBe(404)
  await expect(bob.page.getByText('There is no such page')).toBeVisible()
  const token = await ownToken(bob.page)
  const role = stack().NEXT_PUBLIC_DATABASE_AUTHENTICATED_URL.replace(
    'authenticated@',
    'moderator@',
  )
  const asModerator = await runSql(bob.page, 'select * from reports', { token, connection: role })
  expect(asModerator.status).toBe(400)
  expect(asModerator.code).toBe('role_refused')
  const asHimself = await runSql(bob.page, 'select * from reports', { token })
  expect(asHimself.text).toContain('"rows":[]')
})

/** What a moderator types into the console. Every row that they may not see or change must stay so. */
const BEYOND_REPORTS: [string, string][] = [
  ['reading a todo that was not reported', 'select * from todos where task = $1'],
  ['reading a list', 'select * from lists, (select $1::text) as t'],
  ['reading members', 'select * from list_members, (select $1::text) as t'],
  ['editing', 'update todos set task = $1 returning *'],
  ['adding', 'insert into todos (task) values ($1) returning *'],
  ['reporting by themselves', 'insert into reports (todo_id, reason) select id, $1 from todos'],
]

withModerator(
  'a moderator’s own SQL reads, edits and adds nothing else',
  async ({ alice, bob, moderator }) => {
    const { hers, insult, other } = await reportInsult(alice, bob)
    const { page } = moderator
    const connection = stack().NEXT_PUBLIC_DATABASE_AUTHENTICATED_URL.replace(
      'authenticated@',
      'moderator@',
    )
    const token = await ownToken(page)
    const seen = await runSql(page, 'select task from todos', { token, connection })
    expect(seen.text).toContain(insult)
    expect(seen.text).not.toContain(other)
    for (const [what, sql] of BEYOND_REPORTS) {
      const answer = await runSql(page, sql, { token, connection, params: [other] })
      const isRefused = answer.status === 400 || answer.text.includes('"rows":[]')
      expect(isRefused, `${what}: ${answer.text}`).toBe(true)
    }
    await hers.todos.reload()
    await hers.todos.expectTasks([insult, other])
  },
)
