'use client'

import { useOnSignOut } from '@/lib/auth/account'
import { forgetPages } from './kept-pages'
import { rememberUser } from './last-user'

/** No row stays on this device when the session ends. What was not saved stays, for the same user. */
export function ForgetOnSignOut() {
  useOnSignOut(forget)
  return null
}

function forget() {
  rememberUser(null)
  void forgetPages()
}
