import 'server-only'
import { cache } from 'react'
import { requireSession } from '@/lib/auth/session'
import { inTime } from '@/lib/in-time'
import { serverDb } from '@/lib/sql/server-db'
import { perform } from './operations'

/** A list for its page and the page's title, asked for once; null if the database takes long, so that neither waits. */
export const loadList = cache(async (listId: string) => {
  const { token } = await requireSession()
  return inTime(perform(serverDb(token), 'list', { listId }))
})
