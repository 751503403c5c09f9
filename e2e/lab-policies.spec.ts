import { findAxeViolations } from './axe'
import { expect, test } from './fixtures'

const ROOM = '/lab/policies'
/** A database of its own takes a moment, on a busy machine more than one. */
const WORLD_IS_MADE = { timeout: 30_000 }

test('signed out, one reads every policy as a sentence and tries it as anyone', async ({
  page,
}) => {
  await page.goto(ROOM)
  const catalog = page.getByRole('region', { name: 'What the database says' })
  await expect(
    catalog.getByText(
      'A signed-in user may see rows where list_id is empty and user_id is the user’s own id.',
    ),
  ).toBeVisible(WORLD_IS_MADE)
  await expect(
    catalog.getByText('create policy "users see their own todos" on todos'),
  ).toBeVisible()

  const trial = page.getByRole('region', { name: 'Try a policy as any user' })
  await trial.getByRole('button', { name: 'Try it' }).click()
  await expect(trial.getByText('SELECT: 4 rows')).toBeVisible()
  const carols = trial.getByRole('row', { name: /carol/ })
  await expect(carols.getByText('no', { exact: true })).toHaveCount(2)

  await trial.getByRole('button', { name: 'Write as Alice' }).click()
  await trial.getByRole('button', { name: 'Try it' }).click()
  await expect(trial.getByText(/violates row-level security/)).toBeVisible()
  const written = trial.getByRole('region', { name: /^What it writes to todos/ })
  await expect(written.getByRole('row', { name: /Pay Bob/ }).getByText('no')).toHaveCount(2)

  await trial.getByRole('button', { name: 'Delete everything' }).click()
  await trial.getByLabel('As').selectOption('carol')
  await trial.getByRole('button', { name: 'Try it' }).click()
  await expect(trial.getByText('DELETE: 1 row', { exact: true })).toBeVisible()
  await trial.getByRole('button', { name: 'Read everything' }).click()
  await trial.getByRole('button', { name: 'Try it' }).click()
  await expect(trial.getByText('SELECT: 1 row', { exact: true })).toBeVisible()
  expect(await findAxeViolations(page)).toEqual([])
})

test('a planted mistake is found by trying it, and only by its own name', async ({ page }) => {
  await page.goto(ROOM)
  const exercises = page.getByRole('region', { name: 'Find the mistake' })
  await exercises.getByRole('button', { name: /A debt that Alice never had/ }).click()
  await exercises.getByRole('button', { name: 'Look at the table' }).click()
  await expect(exercises.getByText('with check (true)').first()).toBeVisible(WORLD_IS_MADE)
  await exercises.getByRole('button', { name: 'Add a note as Alice' }).click()
  await exercises.getByRole('button', { name: 'Try it' }).click()
  await expect(exercises.getByText('INSERT: 1 row')).toBeVisible()

  await exercises.getByLabel('row-level security is off').check()
  await exercises.getByRole('button', { name: 'Repair it' }).click()
  await expect(exercises.getByText('Not that: it is as wrong as before.')).toBeVisible()
  await exercises.getByLabel('WITH CHECK is missing').check()
  await exercises.getByRole('button', { name: 'Repair it' }).click()
  await expect(exercises.getByText('Found: that was it.')).toBeVisible()
  await expect(exercises.getByRole('status').first()).toHaveText('1 of 5 found')
  expect(await findAxeViolations(page)).toEqual([])
})

test('the cost of a policy is measured on request, with progress, and can be cancelled', async ({
  page,
}) => {
  await page.goto(ROOM)
  const cost = page.getByRole('region', { name: 'What two parentheses cost' })
  await cost.getByRole('button', { name: 'Measure on a million rows' }).click()
  await expect(cost.getByText(/Making rows: [\d,]+ of 1,000,000/)).toBeVisible(WORLD_IS_MADE)
  await cost.getByRole('button', { name: 'Cancel' }).click()
  await expect(cost.getByText('Cancelled. The rows are gone.')).toBeVisible()
})

test('the lab answers pages of this app, and no others', async ({ request }) => {
  const ask = async (headers: Record<string, string>) => {
    const data = { variant: 'as shipped' }
    return (await request.post('/lab/api/worlds', { data, headers })).status()
  }
  expect(await ask({})).toBe(403)
  expect(await ask({ origin: 'https://evil.test' })).toBe(403)
  expect(await ask({ 'sec-fetch-site': 'cross-site' })).toBe(403)
})
