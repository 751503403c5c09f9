/** What can be said of an entry of the outbox. */
import type { Problem } from '@/lib/problem'
import type { Change } from '../change'
import type { Entry } from './entry-schema'

export type FailedEntry = Entry & { problem: Problem }

export const hasFailed = (entry: Entry): entry is FailedEntry => entry.problem !== null

/** The todo that a change concerns, or null for a change of many. */
export const todoOf = (change: Change): string | null => ('id' in change ? change.id : null)
