/** Decides what becomes of a statement: a command that the proxy carries out itself, or a query that the gate lets through. */
import { ProxyError } from '../errors'
import type { Command, Part } from '../gate/commands'
import type { Verdict } from '../gate/decide'
import type { WorkContext } from '../threads/work-context'
import type { Access } from './access'
import type { IsCatalogQuery } from './commands'
import { isControl, TOKEN_SETTING } from './control'
import { requireShown, type SessionSettings } from './settings'
import type { Statement } from './statements'

/** @throws ProxyError when the statement is refused */
export type Judge = (part: Part, types: readonly number[]) => Promise<Statement>

export type JudgeParts = {
  readonly access: Access
  readonly settings: SessionSettings
  readonly isCatalogQuery: IsCatalogQuery
  readonly context: WorkContext
  /** A setting that the proxy does not know goes to Postgres, and stays there until a reset. */
  readonly onUnknownSetting: () => void
}

const CATALOG_QUERY: Verdict = { leavesState: false, isRead: true, holdsContent: true }

export function createJudge(parts: JudgeParts): Judge {
  const { access, settings, isCatalogQuery, context, onUnknownSetting } = parts
  const { gate } = access

  const verdictOn = async (sql: string): Promise<Verdict | undefined> =>
    gate?.(sql, context).catch(async (error: unknown) => {
      const isRefused = error instanceof ProxyError && error.code === 'statement_refused'
      if (isRefused && (await isCatalogQuery(sql, context))) return CATALOG_QUERY
      throw error
    })
  /** What a session may not do may still be on an allow-list. */
  const requireListed = async (sql: string, refusal: ProxyError) => {
    await gate?.(sql, context).catch(() => {
      throw refusal
    })
  }

  return async ({ sql, command }, types) => {
    const query = { sql, types, command: { kind: 'query' }, verdict: undefined } as const
    if (command.kind === 'refused') throw new ProxyError('feature_refused', command.why)
    // A role that logs in by password is held by Postgres alone, and its session is its own.
    if (gate === undefined) return query
    if (isControl(command)) {
      const refusal = refusalOf(() => {
        if (isSetting(command)) settings.check(command)
      })
      if (refusal === undefined) return { ...query, command }
      await requireListed(sql, refusal)
      onUnknownSetting()
      return query
    }
    if (command.kind === 'show') {
      const refusal = refusalOf(() => {
        requireShown(command.name)
      })
      if (refusal !== undefined) await requireListed(sql, refusal)
      return { ...query, command }
    }
    if (command.kind === 'cursor') return { ...query, command }
    const verdict = await verdictOn(command.kind === 'declare' ? command.query : sql)
    return { ...query, command, verdict }
  }
}

/** The token is for the proxy alone. */
function isSetting(command: Command): command is Extract<Command, { kind: 'set' }> {
  return command.kind === 'set' && command.name !== TOKEN_SETTING
}

function refusalOf(check: () => void): ProxyError | undefined {
  try {
    check()
    return undefined
  } catch (error) {
    if (error instanceof ProxyError) return error
    throw error
  }
}
