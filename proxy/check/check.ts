/** What a check is: it looks at one thing, and finds either nothing or what is wrong with it. */
import type { Parser } from '../gate/parser'
import type { SessionKey } from '../session-key'
import type { Listed } from '../shadows'
import type { Database } from './database'

export type Finding = {
  /** `unsafe`: data is open or the proxy refuses everybody. `weak`: slow, or one guard fewer. */
  readonly level: 'unsafe' | 'weak'
  /** One sentence: what, and where. */
  readonly what: string
  /** The way out, usually SQL for the owner to run. */
  readonly fix: string
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
  /** Stable: `--accept <name>` names it. */
  readonly name: string
  readonly group: string
  /** What is said when nothing was found. */
  readonly good: string
  readonly run: (subject: Subject) => Promise<readonly Finding[]>
}

export const ANONYMOUS = 'anonymous'
export const AUTHENTICATED = 'authenticated'

export const unsafe = (what: string, fix: string): Finding => ({ level: 'unsafe', what, fix })
export const weak = (what: string, fix: string): Finding => ({ level: 'weak', what, fix })

/** "a, b and c" */
export function enumerate(words: readonly string[]): string {
  const last = words.at(-1) ?? ''
  return words.length < 2 ? last : `${words.slice(0, -1).join(', ')} and ${last}`
}
