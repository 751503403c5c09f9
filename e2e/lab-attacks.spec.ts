/** The rooms of the lab in which one attacks: what is said to stop an attack did stop it, and leaks are real. */
import { readFileSync } from 'node:fs'
import { findAxeViolations } from './axe'
import { DEMO_USERS } from '../db/demo-users'
import { expect, test } from './fixtures'
import { giveTodos } from './give-todos'
import { openSettled } from './settled'
import type { Page } from '@playwright/test'

/** Databases are made one after the other, half a dozen of them. */
const MADE = { timeout: 60_000 }

const editorOf = (page: Page) => page.getByRole('textbox', { name: 'SQL' })
const attack = (page: Page) => page.getByRole('button', { name: 'Attack', exact: true }).click()

test('in “Break in”, a visitor tries attacks, guesses, keeps one, and shares it', async ({
  page,
  context,
}) => {
  await openSettled(page, '/lab/break-in')

  await test.step('a ready attack says what should stop it, and then what did', async () => {
    await page.getByText('Read everyone’s rows').click()
    await page.getByRole('button', { name: 'select * from todos', exact: false }).first().click()
    await expect(page.getByText(/Should be stopped by the policy/)).toBeVisible()
    await attack(page)
    await expect(page.getByText('Ran, and got nothing of others')).toBeVisible()
    await expect(page.getByRole('cell', { name: 'Return the library books' })).toBeVisible()
    await expect(page.getByRole('cell', { name: 'Water the tomatoes' })).toHaveCount(0)
    await expect(page.getByRole('region', { name: 'Score' })).toContainText('1 of')
  })

  await test.step('one’s own runs from the keyboard, after a guess', async () => {
    await editorOf(page).fill('select query from pg_stat_activity')
    await page.getByRole('radio', { name: 'Grant' }).check({ force: true })
    await editorOf(page).press('Control+Enter')
    await expect(page.getByText('Stopped by the gate')).toBeVisible()
    await expect(page.getByText('not the grant, as guessed')).toBeVisible()
  })

  await test.step('the editor completes names that users may see', async () => {
    await editorOf(page).fill('')
    await editorOf(page).pressSequentially('select * from tod')
    await expect(page.getByRole('option', { name: 'todos' })).toBeVisible()
    await page.keyboard.press('Escape')
    await editorOf(page).fill('')
    await editorOf(page).pressSequentially('update todos set tas')
    await expect(page.getByRole('option', { name: 'task', exact: true })).toBeVisible()
    await page.keyboard.press('Escape')
  })

  await test.step('it is kept, and a link to it opens it elsewhere without running it', async () => {
    const own = `select 'mine' as whose`
    await editorOf(page).fill(own)
    await page.getByRole('button', { name: 'Keep', exact: true }).click()
    await context.grantPermissions(['clipboard-read', 'clipboard-write'])
    await page.getByRole('button', { name: 'Copy a link to this attack' }).click()
    const link = await page.evaluate(() => navigator.clipboard.readText())
    const other = await context.newPage()
    await other.goto(link)
    await expect(editorOf(other)).toHaveText(own)
    await expect(other.getByRole('cell')).toHaveCount(0)
    await other.close()
  })

  await test.step('a whole group is tried, nothing breaks through, and a reload keeps the score', async () => {
    await page.getByText('Switch the role').click()
    await page.getByRole('button', { name: /^Try all \d+$/ }).click()
    await expect(page.getByRole('region', { name: 'What became of them' })).toContainText(
      'Stopped by the gate',
    )
    await page.reload()
    const score = page.getByRole('region', { name: 'Score' })
    await expect(score).toContainText('0 broke through')
    await expect(score).toContainText(/Gate \d+/)
  })

  expect(await findAxeViolations(page)).toEqual([])
})

test('in “Break in”, a user attacks the app itself, with their own token, and loses nothing', async ({
  alice: { page, userId },
}) => {
  await giveTodos(userId, 2)
  await openSettled(page, '/lab/break-in')
  await expect(page.getByRole('radio', { name: 'On the app, as you' })).toBeChecked()
  const run = async (sql: string, heading: string) => {
    await editorOf(page).fill(sql)
    await editorOf(page).press('Control+Enter')
    await expect(page.getByText(heading, { exact: true })).toBeVisible()
  }

  await run('select auth.user_id()', 'Ran, and got nothing of others')
  await expect(page.getByRole('cell', { name: userId })).toBeVisible()
  await run('delete from todos', 'Ran, and was undone')
  await run('select * from pg_stat_activity', 'Stopped by the gate')
  await run(`update todos set user_id = '${userId}'`, 'Stopped by the grant')
  const bob = DEMO_USERS.bob.id
  await run(`insert into todos (user_id, task) values ('${bob}', '')`, 'Stopped by the policy')
  await run('select task from todos order by task', 'Ran, and got nothing of others')
  await expect(page.getByRole('cell')).toHaveText(['Todo 1', 'Todo 2'])

  await test.step('a ready attack is after a user of the app there, and after Alice in the world', async () => {
    const on = (id: string) => `select * from todos where user_id = '${id}'`
    await page.getByText('Read everyone’s rows').click()
    await page.getByRole('button', { name: on(DEMO_USERS.alice.id) }).click()
    await attack(page)
    await expect(page.getByText('Ran, and got nothing of others')).toBeVisible()
    await page.getByText('In a scratch database, as Bob').click()
    await expect(editorOf(page)).toHaveText(on('alice'))
    await attack(page)
    await expect(page.getByText('Ran, and got nothing of others')).toBeVisible(MADE)
  })

  expect(await findAxeViolations(page)).toEqual([])
})

test('in “What if a layer were missing”, the same attack leaks where its last layer is gone', async ({
  page,
}) => {
  test.setTimeout(150_000)
  await openSettled(page, '/lab/layers')
  const ending = (world: string) => page.getByRole('row').filter({ hasText: world })

  await page.getByRole('button', { name: 'Attack every world' }).click()
  await expect(ending('policy loosened')).toContainText('Broke through', MADE)
  await expect(ending('as shipped')).toContainText('Ran, and got nothing of others')
  await page.getByRole('button', { name: 'Broke through' }).click()
  await expect(page.getByRole('cell', { name: 'Book the train to Lisbon' })).toBeVisible()

  await page.getByRole('radio', { name: 'Give Alice a todo' }).check({ force: true })
  await page.getByRole('checkbox', { name: 'the limits of grants' }).check()
  await page.getByRole('checkbox', { name: 'the condition of the policies' }).check()
  await page.getByRole('button', { name: 'Attack every world' }).click()
  await expect(ending('as you chose')).toContainText('Broke through', MADE)
  await expect(ending('as shipped')).toContainText('Stopped by the policy')

  expect(await findAxeViolations(page)).toEqual([])
})

test('in “Before and after”, the code on the screen is the code that leaks', async ({ page }) => {
  await openSettled(page, '/lab/before-after')
  const pair = (title: string) => page.getByRole('region', { name: title })
  const file = (name: string) => readFileSync(`app/lab/before-after/${name}.ts`, 'utf8')
  const told = async (title: string) => {
    await pair(title).getByRole('button', { name: 'Send as Bob' }).click()
    const endings = pair(title).getByText(/^(Leaked|Nothing leaked)/)
    await expect(endings).toHaveCount(2)
    return endings.allInnerTexts()
  }

  const search = pair('Search todos')
  await expect(search.locator('code').first()).toHaveText(file('in-code/search-todos'))
  await expect(search).toContainText('where task ilike $1 or notes ilike $1')
  const [inCode, withPolicies] = await told('Search todos')
  expect(inCode).toMatch(/^Leaked/)
  expect(withPolicies).toMatch(/^Nothing leaked/)
  await expect(search).toContainText('not Bob’s to see')

  expect((await told('List todos')).join()).not.toMatch(/^Leaked/)
  expect((await told('Rename a todo')).join()).toMatch(/403 Forbidden.*404 Not Found/s)

  expect(await findAxeViolations(page)).toEqual([])
})
