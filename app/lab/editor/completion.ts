/** Completes names in SQL where the user may use them: a column that they may not change is not offered for that. */
import type { CompletionContext, CompletionResult } from '@codemirror/autocomplete'
import { PostgreSQL, schemaCompletionSource } from '@codemirror/lang-sql'
import type { Names } from '../service/api'
import { BETWEEN } from '../break-in/statements'

type Privilege = 'select' | 'insert' | 'update'

/** What is done with a name there, and the table whose columns may stand there alone. */
export type Spot = { readonly privilege: Privilege; readonly table: string | undefined }

/** @param before the statement up to the cursor */
export function spotAt(before: string, statement: string): Spot {
  const inserted = /\binsert\s+into\s+(?:public\.)?(\w+)\s*\([^()]*$/i.exec(before)?.[1]
  if (inserted !== undefined) return { privilege: 'insert', table: inserted }
  const [, updated, assignments] =
    /\bupdate\s+(?:public\.)?(\w+)\s+set\b((?:(?!\b(?:where|from|returning)\b)[\s\S])*)$/i.exec(
      before,
    ) ?? []
  // A name on the left of its “=”.
  if (updated !== undefined && /(^|[,(])\s*\w*$/.test(assignments ?? '')) {
    return { privilege: 'update', table: updated }
  }
  const table = /\b(?:from|update|into)\s+(?:public\.)?(\w+)/i.exec(statement)?.[1]
  return { privilege: 'select', table }
}

export function completeNames({ tables, auth }: Names) {
  return (
    context: CompletionContext,
  ): CompletionResult | Promise<CompletionResult | null> | null => {
    const text = context.state.doc.toString()
    const ends = new RegExp(`;|${BETWEEN}`)
    const before = text.slice(0, context.pos).split(ends).at(-1) ?? ''
    const after = text.slice(context.pos).split(ends)[0] ?? ''
    const { privilege, table } = spotAt(before, before + after)
    const columns = Object.entries(tables).map(([name, allowed]) => [name, allowed[privilege]])
    return schemaCompletionSource({
      dialect: PostgreSQL,
      schema: { ...(Object.fromEntries(columns) as Record<string, string[]>), auth },
      ...(table !== undefined && Object.hasOwn(tables, table) ? { defaultTable: table } : {}),
    })(context)
  }
}
