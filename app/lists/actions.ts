'use server'
/** The server action for lists, members and reports. All arguments are untrusted. */

import { currentSession } from '@/lib/auth/session'
import { failed, type Result } from '@/lib/problem'
import { serverDb } from '@/lib/sql/server-db'
import { isName, perform, type Input, type Name, type Output } from './operations'

/** Performs one operation as the signed-in user. The database decides what they may do. */
export async function performOnServer<N extends Name>(
  name: N,
  input: Input<N>,
): Promise<Result<Output<N>>> {
  if (!isName(name)) return failed('refused')
  const session = await currentSession()
  if (!session) return failed('signed-out')
  return perform(serverDb(session.token), name, input)
}
