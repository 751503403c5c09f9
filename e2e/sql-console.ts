/** What a user can do from the browser's console: send SQL of their own with their own token. */
import { test, type Page } from '@playwright/test'
import { stack } from './stack'

type SqlOptions = { token: string | null; params?: string[]; connection?: string }
export type SqlAnswer = { status: number; code: string | null; text: string }

/** The session token that the page would send. */
export async function ownToken(page: Page): Promise<string> {
  await page.waitForFunction(() => window.Clerk?.session)
  const token = await page.evaluate(() => window.Clerk?.session?.getToken())
  if (!token) throw new Error('nobody is signed in on this page')
  return token
}

/**
 * Sends one statement from inside the page. Such a test is no part of what `npm run proxy:allowlist`
 * records: the app sends none of it.
 *
 * @param token what to put after `Bearer`; null sends no Authorization header.
 * @param connection a string that names another role.
 */
export async function runSql(
  page: Page,
  query: string,
  { token, params = [], ...options }: SqlOptions,
): Promise<SqlAnswer> {
  test.skip(Boolean(process.env.PROXY_ALLOWLIST_RECORD), 'sends SQL that the app does not send')
  const { NEXT_PUBLIC_SQL_URL: url, NEXT_PUBLIC_DATABASE_AUTHENTICATED_URL: usual } = stack()
  const { connection = usual } = options
  return page.evaluate(
    async (request) => {
      const response = await fetch(request.url, {
        method: 'POST',
        headers: {
          'Neon-Connection-String': request.connection,
          ...(request.token === null ? {} : { Authorization: `Bearer ${request.token}` }),
        },
        body: JSON.stringify({ query: request.query, params: request.params }),
      })
      return {
        status: response.status,
        code: response.headers.get('proxy-error-code'),
        text: await response.text(),
      }
    },
    { url, connection, query, params, token },
  )
}
