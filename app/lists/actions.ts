'use server'
/** The server action for lists, members and reports. All arguments are untrusted. */

import { currentSession } from '@/lib/auth/session'
import { failed, type Result } from '@/lib/problem'
import { serverDb } from '@/lib/sql/server-db'
import { performInput } from './inputs'
import type { Input, Name, Output } from './operations'

/** Performs one operation as the signed-in user. The database decides what they may do. */
export async function performOnServer<N extends Name>(
  name: N,
  input: Input<N>,
): Promise<Result<Output<N>>> {
  const session = await currentSession()
  if (!session) return failed('signed-out')
  return performInput(serverDb(session.token), name, input)
}
