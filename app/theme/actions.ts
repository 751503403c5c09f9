'use server'

import { cookies } from 'next/headers'
import { parseTheme, THEME_COOKIE } from './theme'

/** For a page whose script has not loaded; with it, the switch needs no request. */
export async function saveTheme(form: FormData): Promise<void> {
  const maxAge = 60 * 60 * 24 * 365
  const value = parseTheme(form.get('theme'))
  const store = await cookies()
  store.set(THEME_COOKIE, value, { maxAge, path: '/', sameSite: 'lax' })
}
