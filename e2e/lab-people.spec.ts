import { findAxeViolations } from './axe'
import { expect, test } from './fixtures'

test('a change by one person appears at once where it is theirs to see, and nowhere else', async ({
  browser,
}) => {
  const page = await (await browser.newContext()).newPage()
  await page.goto('/lab/people')
  const [alice, bob, nobody] = ['Alice', 'Bob', 'Nobody'].map((name) =>
    page.getByRole('region', { name, exact: true }),
  )
  if (!alice || !bob || !nobody) throw new Error('three people stand side by side')
  await expect(nobody.getByText(/missing authentication credentials/)).toBeVisible()
  await expect(bob.getByText('Return the library books')).toBeVisible()
  await expect(alice.getByText('Return the library books')).toHaveCount(0)

  // Notes, which no other test of the demo users looks at.
  const everyone = page.getByRole('textbox', { name: 'Everyone asks this, live' })
  await everyone.fill('select task, notes from todos where list_id is null order by task')
  await page.getByRole('button', { name: 'Ask' }).click()
  const note = `Seen by its owner ${crypto.randomUUID().slice(0, 8)}`
  const run = async (person: typeof alice, sql: string) => {
    await person.getByRole('textbox').fill(sql)
    await person.getByRole('button', { name: 'Run' }).click()
  }
  const write = (text: string) =>
    `update todos set notes = '${text}' where task = 'Fix the squeaky bike'`
  await run(bob, write(note))
  await expect(bob.getByRole('cell', { name: note })).toBeVisible()
  await expect(alice.getByRole('cell', { name: note })).toHaveCount(0)

  // Alice reaches none of Bob's rows, and he keeps what he has.
  await run(alice, write(''))
  await expect(alice.getByText('UPDATE: 0 rows')).toBeVisible()
  await expect(bob.getByRole('cell', { name: note })).toBeVisible()
  await run(bob, write(''))
  await expect(bob.getByRole('cell', { name: note })).toHaveCount(0)

  await everyone.fill('select auth.user_id()')
  await page.getByRole('button', { name: 'Ask' }).click()
  await expect(alice.getByRole('cell', { name: 'user_alice_demo' })).toBeVisible()
  await expect(bob.getByRole('cell', { name: 'user_bob_demo' })).toBeVisible()

  // These sessions are beside the browser's own: it is still signed out.
  expect((await page.context().cookies()).filter(({ name }) => name === '__session')).toEqual([])
  expect(await findAxeViolations(page)).toEqual([])
  await page.context().close()
})
