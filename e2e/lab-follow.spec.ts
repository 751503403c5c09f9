import { readFileSync, writeFileSync } from 'node:fs'
import { findAxeViolations } from './axe'
import { expect, signIn, test } from './fixtures'
import { DEMO_USERS } from '../db/demo-users'
import { ORIGIN } from './stack'

const RECORDED = 'app/lab/follow/recorded.json'
const SQL = 'select task, is_complete from todos where list_id is null order by inserted_at'

test('a request of one’s own is followed stop by stop, with the keyboard alone', async ({
  alice,
}) => {
  const { page, userId } = alice
  await page.goto('/lab/follow')
  const field = page.getByRole('textbox', { name: 'SQL' })
  await field.fill(`select auth.user_id() as me, count(*) from todos`)
  await expect(page.getByRole('button', { name: 'Send' })).toBeEnabled()
  await field.press('Control+Enter')
  const stops = page.getByRole('region', { name: 'The stops of the request' })
  await expect(stops.getByRole('listitem')).toHaveCount(12)
  await expect(stops.getByRole('img', { name: 'Passed' }).first()).toBeVisible()
  const next = stops.getByRole('button', { name: 'Next stop' })
  await next.focus()
  for (const [heading, seen] of [
    ['The token', `"sub": "${userId}"`],
    ['Checks of the token', 'signature'],
    ['Limits', 'One user’s flood'],
    ['The body', 'apart from them'],
    ['The statement gate', 'FuncCall auth.user_id()'],
    ['A session in Postgres', 'authenticator'],
    ['Policies', 'users see their own todos'],
    ['Role and identity', userId],
    ['The plan', 'on public.todos'],
    ['The statement runs', 'select auth.user_id() as me, count(*) from todos'],
    ['The answer', userId],
  ] as const) {
    await page.keyboard.press('Enter')
    await expect(stops.getByRole('heading', { name: heading, exact: true })).toBeVisible()
    await expect(stops.getByText(seen).filter({ visible: true }).first()).toBeVisible()
  }
  await expect(next).toBeDisabled()
  expect(await findAxeViolations(page)).toEqual([])
})

test('a refused request ends where it is refused: by the token, the gate, a grant or a policy', async ({
  alice,
}) => {
  const { page } = alice
  await page.goto('/lab/follow')
  const stops = page.getByRole('region', { name: 'The stops of the request' })
  for (const [action, stop, words] of [
    ['Forge the token', 'Checks of the token', 'token_signature_invalid'],
    ['Switch the role', 'The statement gate', 'VARIABLE SET is not allowed'],
    ['Give a todo away', 'The plan', 'permission denied for table todos'],
    ['Write as Bob', 'The statement runs', 'violates row-level security policy'],
  ] as const) {
    await page.getByRole('button', { name: action }).click()
    await expect(stops.getByRole('heading', { name: stop, exact: true })).toBeVisible()
    await expect(stops.getByText(words).last()).toBeVisible()
    await expect(stops.getByRole('img', { name: 'Refused' })).toHaveCount(1)
    await expect(stops.getByRole('button', { name: 'Next stop' })).toBeDisabled()
  }
})

test('the recorded run is what the stack answers, and shows itself to visitors', async ({
  browser,
}) => {
  const context = await browser.newContext({ baseURL: ORIGIN })
  await signIn(context, DEMO_USERS.alice.id)
  const page = await context.newPage()
  await page.goto('/lab/follow')
  await page.getByRole('textbox', { name: 'SQL' }).fill(SQL)
  const answered = page.waitForResponse((one) => {
    return one.request().method() === 'POST' && one.url().endsWith('/sql') && one.ok()
  })
  await page.getByRole('button', { name: 'Send' }).click()
  const { fields, rows, trace } = (await (await answered).json()) as Record<string, unknown>
  const columns = (fields as { name: string }[]).map(({ name }) => name)
  const signature = 'Tx4hYq1vJm0a… (342 characters)'
  const run = { sql: SQL, answer: { status: 200, ms: 12, columns, rows, signature }, trace }
  if (process.env.RECORD) writeFileSync(RECORDED, `${JSON.stringify(run, null, 2)}\n`)
  expect(withoutTimes(run)).toEqual(withoutTimes(JSON.parse(readFileSync(RECORDED, 'utf8'))))

  await context.clearCookies()
  await page.goto('/lab/follow')
  await expect(page.getByRole('heading', { name: /recorded run/i })).toBeVisible()
  await expect(page.getByRole('button', { name: 'Try it as Alice' })).toBeVisible()
  await context.close()
})

/** What differs from one run to the next: times, and ids that the stack makes anew. */
function withoutTimes(value: unknown): unknown {
  const changing = /^(ms|iat|exp|nbf|sid|kid|fva|iss|azp|signature)$/
  return JSON.parse(
    JSON.stringify(value, (key, member: unknown) => (changing.test(key) ? undefined : member)),
  )
}
