import { findAxeViolations } from './axe'
import { expect, test } from './fixtures'
import { ownToken, runSql } from './sql-console'

const REFUSED = {
  Expired: ['expiry', 'token_expired'],
  'Without expiry': ['expiry', 'token_claims_invalid'],
  'Not valid yet': ['not before', 'token_not_yet_valid'],
  'Without a user': ['user', 'token_claims_invalid'],
  'From another issuer': ['issuer', 'token_issuer_unknown'],
  'For another app': ['authorized party', 'token_party_refused'],
  'Unknown key': ['key', 'token_key_unknown'],
  'Changed claims': ['signature', 'token_signature_invalid'],
  'Changed signature': ['signature', 'token_signature_invalid'],
  'No signature': ['form', 'token_malformed'],
  'HMAC with the public key': ['algorithm', 'token_algorithm_refused'],
  'My own key': ['signature', 'token_signature_invalid'],
  'Bring my own key': ['signature', 'token_signature_invalid'],
}

test('each token is refused by the check that should refuse it', async ({ alice }) => {
  const { page } = alice
  await page.goto('/lab/tokens')
  await page.getByRole('button', { name: 'As Bob' }).click()
  await expect(page.getByText('Accepted. auth.user_id() is bob')).toBeVisible()
  const checks = page.getByRole('region', { name: 'Checks' })
  for (const [label, [check, code]] of Object.entries(REFUSED)) {
    await page.getByRole('button', { name: label, exact: true }).click()
    await expect(page.getByText(`Refused with ${code ?? ''}`)).toBeVisible()
    const failed = checks
      .getByRole('listitem')
      .filter({ has: page.getByRole('img', { name: 'Failed' }) })
    await expect(failed).toContainText(check ?? '')
    await expect(failed).toHaveCount(1)
  }
  expect(await findAxeViolations(page)).toEqual([])
})

test('a token is changed by hand, and worth nothing at the app’s own proxy', async ({ alice }) => {
  const { page } = alice
  await page.goto('/lab/tokens')
  const form = page.getByRole('form', { name: 'Your token' })
  const claims = form.getByRole('textbox', { name: 'Claims to change' })
  const send = form.getByRole('button', { name: 'Make it and send it' })
  await claims.fill('{"sub": 42')
  await send.click()
  await expect(form.getByRole('alert')).toHaveText(/not a JSON object/)
  await claims.fill('{"sub": 42}')
  await send.click()
  await expect(page.getByText('Refused with token_claims_invalid')).toBeVisible()
  await claims.fill(`{"sub": "${alice.userId}"}`)
  await send.click()
  await expect(page.getByText(`Accepted. auth.user_id() is ${alice.userId}`)).toBeVisible()

  const text = await page.getByRole('region', { name: 'The token' }).locator('p').innerText()
  const forged = await runSql(page, 'select 1', { token: text.replaceAll(/\s/g, '') })
  expect(forged.code).toBe('token_issuer_unknown')
  const own = await runSql(page, 'select 1', { token: await ownToken(page) })
  expect(own.status).toBe(200)
})
