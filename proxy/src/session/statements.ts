/**
 * A client's prepared statements and portals. They live in the proxy: in Postgres, a statement is parsed in
 * each transaction that uses it, always without a name, so nothing stays there.
 */
import { ProxyError } from '../errors'
import type { Command } from '../gate/commands'
import type { Verdict } from '../gate/decide'

export type Statement = {
  /** As it is sent to Postgres. */
  readonly sql: string
  /** The types of its parameters; since they were described, those that the client knows. */
  types: readonly number[]
  readonly command: Command
  readonly verdict: Verdict | undefined
  /** The schema under which it was described, if it was: a client may keep the description. */
  describedIn?: string | undefined
  isDescribed?: boolean
}

const MOST = 1_000
const MOST_LENGTH = 8 * 1024 * 1024

export class Statements {
  readonly #statements = new Map<string, Statement>()
  readonly #portals = new Map<string, Statement>()
  /** Postgres has not confirmed them. */
  readonly #unconfirmed = new Set<string>()
  #length = 0

  /** @throws ProxyError when there is none, or its description may be wrong by now */
  get(name: string): Statement {
    const found = this.#statements.get(name)
    if (found !== undefined) return found
    throw new ProxyError(
      'postgres_error',
      name === ''
        ? 'unnamed prepared statement does not exist'
        : `prepared statement "${name}" does not exist`,
      { code: '26000', severity: 'ERROR' },
    )
  }

  /** @throws ProxyError when the name is taken, or there are too many */
  requireFree(name: string, sql: string): void {
    if (name === '') return
    if (this.#statements.has(name)) {
      throw new ProxyError('postgres_error', `prepared statement "${name}" already exists`, {
        code: '42P05',
        severity: 'ERROR',
      })
    }
    if (this.#statements.size >= MOST || this.#length + sql.length > MOST_LENGTH) {
      throw new ProxyError('too_many_requests', 'too many prepared statements in this session', {
        code: '53400',
        severity: 'ERROR',
        hint: `A session may have ${MOST}, of ${MOST_LENGTH} characters together; close those that are not needed.`,
      })
    }
  }

  add(name: string, statement: Statement): void {
    this.delete(name)
    this.#statements.set(name, statement)
    this.#length += statement.sql.length
    this.#unconfirmed.add(name)
  }

  confirm(name: string): void {
    this.#unconfirmed.delete(name)
  }

  /** After an error, statements that Postgres did not parse do not exist. */
  dropUnconfirmed(): void {
    for (const name of this.#unconfirmed) this.delete(name)
  }

  delete(name: string): void {
    const known = this.#statements.get(name)
    if (known !== undefined) this.#length -= known.sql.length
    this.#statements.delete(name)
    this.#unconfirmed.delete(name)
  }

  clear(): void {
    this.#statements.clear()
    this.#portals.clear()
    this.#unconfirmed.clear()
    this.#length = 0
  }

  bind(portal: string, statement: Statement): void {
    this.#portals.set(portal, statement)
  }

  /** Portals end with their transaction. */
  closePortals(): void {
    this.#portals.clear()
  }

  closePortal(name: string): void {
    this.#portals.delete(name)
  }

  /** @returns undefined for a cursor that a DECLARE has opened */
  portal(name: string): Statement | undefined {
    return this.#portals.get(name)
  }
}
