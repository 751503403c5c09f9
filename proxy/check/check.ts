/** What a check is: it looks at one thing, and finds either nothing or what is wrong with it. */
import type { Parser } from '../src/gate/parser'
import type { SessionKey } from '../src/auth/session-key'
import type { Listed } from '../src/gate/shadows'
import type { Database } from './database'

export type Finding = {
  /** `unsafe`: data is open or the proxy refuses everybody. `weak`: slow, or one guard fewer. */
  readonly level: 'unsafe' | 'weak'
  /** One sentence: what, and where. */
  readonly what: string
  /** The way out, usually SQL for the owner to run. */
  readonly fix: string
  /** The object in question, so that it alone can be accepted: `--accept policy-open:public.posts`. */
  readonly about?: string
}

/** What checks of the database look at. */
export type Subject = {
  readonly database: Database
  /** The roles that requests may run as. */
  readonly roles: readonly string[]
  /** Whether requests without a token are let in. */
  readonly anonymous: boolean
  readonly sessionKey: SessionKey
  readonly parser: Parser
  /** What SQL may reach of the owner's. */
  readonly listed: Listed
}

export type Check = {
  /** Stable: `--accept <name>` names it, and a section of docs/checks.md explains it. */
  readonly name: string
  readonly group: string
  /** What is said when nothing was found. */
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
