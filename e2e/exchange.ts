/** Records what the running stack answers when two people send one query. */
import type { Browser } from '@playwright/test'
import { z } from 'zod'
import { DEMO_USERS } from '../db/demo-users'
import { signIn } from './fixtures'
import { ORIGIN, stack } from './stack'

const QUERY = 'select task, is_complete from todos where list_id is null order by inserted_at'
const TRESPASS = `select task, is_complete from todos where list_id is null and user_id = '${DEMO_USERS.alice.id}'`

const reply = z.object({
  rows: z.array(z.object({ task: z.string(), is_complete: z.boolean() })).optional(),
  message: z.string().optional(),
})

export async function recordExchange(browser: Browser) {
  const { alice, bob } = DEMO_USERS
  const [alices, bobs] = [await tokenOf(browser, alice.id), await tokenOf(browser, bob.id)]
  return {
    query: QUERY,
    alice: await ask({ ...alice, token: alices }, QUERY),
    bob: await ask({ ...bob, token: bobs }, QUERY),
    trespass: await ask({ ...bob, token: bobs }, TRESPASS),
    stranger: await ask(null, QUERY),
  }
}

/** The request that the browser page sends, by hand. */
async function ask(user: { id: string; firstName: string; token: string } | null, query: string) {
  const { NEXT_PUBLIC_SQL_URL: url, NEXT_PUBLIC_DATABASE_AUTHENTICATED_URL: connection } = stack()
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      'Neon-Connection-String': connection,
      ...(user === null ? {} : { Authorization: `Bearer ${user.token}` }),
    },
    body: JSON.stringify({ query, params: [] }),
  })
  const { rows, message } = reply.parse(await response.json())
  return {
    who: user?.firstName ?? null,
    userId: user?.id ?? null,
    query,
    status: response.status,
    rows: rows ?? null,
    error: message ?? null,
  }
}

async function tokenOf(browser: Browser, userId: string): Promise<string> {
  const context = await browser.newContext({ baseURL: ORIGIN })
  await signIn(context, userId)
  const cookies = await context.cookies(ORIGIN)
  await context.close()
  return cookies.find(({ name }) => name === '__session')?.value ?? ''
}
