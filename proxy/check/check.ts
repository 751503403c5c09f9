/** The types of checks. Each checks one thing and reports what is wrong with it. */
import type { Parser } from '../src/gate/parser'
import type { SessionKey } from '../src/auth/session-key'
import type { Listed } from '../src/gate/shadows'
import type { Database } from './database'

export type Finding = {
  /** `unsafe`: data is exposed, or the proxy refuses all requests. `weak`: slow, or one guard fewer. */
  readonly level: 'unsafe' | 'weak'
  /** One sentence: the problem and its place. */
  readonly what: string
  /** The fix, usually SQL for the owner to run. */
  readonly fix: string
  /** The object, so that only its finding can be accepted: `--accept policy-open:public.posts`. */
  readonly about?: string
}

/** The input of checks that read the database. */
export type Subject = {
  readonly database: Database
  /** The roles that requests may run as. */
  readonly roles: readonly string[]
  /** Whether requests without a token are served. */
  readonly anonymous: boolean
  readonly sessionKey: SessionKey
  readonly parser: Parser
  /** The owner's functions and extensions that SQL may use. */
  readonly listed: Listed
}

export type Check = {
  /** Must not change: `--accept <name>` uses it, and a section of docs/checks.md explains it. */
  readonly name: string
  readonly group: string
  /** The message when nothing was found. */
  readonly good: string
  readonly run: (subject: Subject) => Promise<readonly Finding[]>
}

export const ANONYMOUS = 'anonymous'
export const AUTHENTICATED = 'authenticated'

type Judge = (what: string, fix: string, about?: string) => Finding

const finding =
  (level: Finding['level']): Judge =>
  (what, fix, about) => ({ level, what, fix, ...(about === undefined ? {} : { about }) })

export const unsafe = finding('unsafe')
export const weak = finding('weak')

/** "a, b and c" */
export function enumerate(words: readonly string[]): string {
  const last = words.at(-1) ?? ''
  return words.length < 2 ? last : `${words.slice(0, -1).join(', ')} and ${last}`
}

/** What came of a check. */
export type Outcome = Pick<Check, 'name' | 'group' | 'good'> & {
  readonly findings: readonly Finding[]
}
