/** The app's own SQL proxy, as its browser code reaches it, and what to say when that fails. */
import type { Problem } from '@/lib/problem'
import type { Endpoint } from './run-sql'

export const APP_PROXY: Endpoint = {
  url: process.env.NEXT_PUBLIC_SQL_URL ?? '',
  connectionString: process.env.NEXT_PUBLIC_DATABASE_AUTHENTICATED_URL ?? '',
}

const SENTENCES: Partial<Record<Problem, string>> = {
  'signed-out': 'Your session has ended. Sign in again.',
  unreachable: 'The SQL proxy does not answer. Is it running?',
}

export const sentenceFor = (problem: Problem) =>
  SENTENCES[problem] ?? 'Something unexpected went wrong.'
