import { Code } from '../frame/code'
import { sentenceOf } from '../service/sentence'
import type { TracedPolicy, TracedTable } from './trace'

/** The policies that decide about a statement, first those for what it does with the table. */
export function Policies({ tables }: { tables: readonly TracedTable[] }) {
  if (tables.length === 0) {
    return <p>The statement names no table that this role may use, so no policy applies.</p>
  }
  return tables.map((table) => (
    <section key={`${table.schema}.${table.name}`} className="grid grid-cols-1 gap-3">
      <h3 className="font-mono font-semibold">
        {table.schema}.{table.name}
      </h3>
      <Protection {...table} />
      <ul role="list" className="grid grid-cols-1 gap-3">
        {table.policies
          .filter((policy) => applies(policy, table))
          .map((policy) => (
            <li key={policy.name} className="grid grid-cols-1 gap-1">
              <p>
                <span className="font-medium">{policy.name}</span>{' '}
                <span className="text-muted-foreground">
                  for {policy.command}
                  {!policy.isPermissive && ', restrictive'}
                </span>
              </p>
              <p className="text-pretty">
                {sentenceOf({
                  ...policy,
                  roles: ['authenticated'],
                  permissive: policy.isPermissive,
                })}
              </p>
              <Code>{conditionOf(policy)}</Code>
            </li>
          ))}
      </ul>
    </section>
  ))
}

function Protection({ kind, reads, isRowSecurityOn }: TracedTable) {
  if (reads === 'as owner') {
    return <p className="text-destructive">A view that reads as its owner, past the policies.</p>
  }
  if (kind === 'table' && !isRowSecurityOn) {
    return <p className="text-destructive">Row-level security is off: every row is shown.</p>
  }
  return null
}

function applies(policy: TracedPolicy, { commands }: TracedTable): boolean {
  return policy.command === 'all' || commands.includes(policy.command)
}

function conditionOf({ using, withCheck }: TracedPolicy): string {
  const parts = [
    using !== null && `USING ${using}`,
    withCheck !== null && `WITH CHECK ${withCheck}`,
  ]
  return parts
    .filter((part) => part !== false)
    .map((part) => part.replace(/\s+/g, ' '))
    .join('\n')
}
