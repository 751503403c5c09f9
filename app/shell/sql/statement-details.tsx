import { ShieldCheckIcon } from 'lucide-react'
import { appliedPolicies } from './applied-policies'
import type { RecentStatement } from './recent-statements'

/** One statement: its text, its parameters, where it came from, its time, and the policies that decided. */
export function StatementDetails({
  statement: { sql, params, place, ms },
  isOpen,
}: {
  statement: RecentStatement
  isOpen: boolean
}) {
  const policies = appliedPolicies(sql, 'authenticated')
  return (
    <details open={isOpen} className="rounded-lg border bg-card">
      <summary className="flex min-h-11 cursor-pointer flex-wrap items-center gap-x-3 gap-y-1 px-4 py-2 text-sm">
        <code className="font-mono font-medium">{sql.split(' ', 1)[0]}</code>
        <span className="text-muted-foreground">
          sent by the {place} · {ms.toFixed(ms < 10 ? 1 : 0)} ms
        </span>
      </summary>
      <div className="grid gap-3 border-t p-4 text-sm">
        <pre className="rounded-md bg-muted p-3 font-mono text-xs wrap-anywhere whitespace-pre-wrap">
          <code>{sql}</code>
        </pre>
        {params.length > 0 && (
          <dl className="grid gap-1 font-mono text-xs">
            {params.map((param, index) => (
              <div key={index} className="flex gap-3">
                <dt className="text-muted-foreground">${index + 1}</dt>
                <dd className="min-w-0 wrap-anywhere">{param ?? 'null'}</dd>
              </div>
            ))}
          </dl>
        )}
        {policies.length > 0 && (
          <ul role="list" aria-label="Policies that applied" className="grid gap-2">
            {policies.map(({ table, command, name, using, withCheck }) => (
              <li key={`${table} ${command} ${name}`} className="flex gap-2">
                <ShieldCheckIcon aria-hidden className="mt-0.5 size-4 shrink-0 text-primary" />
                <div className="min-w-0">
                  <span className="font-medium">{name}</span>{' '}
                  <span className="text-muted-foreground">
                    for {command} on {table}
                  </span>
                  <code className="block font-mono text-xs wrap-anywhere text-muted-foreground">
                    {using !== null && `using (${using}) `}
                    {withCheck !== null && `with check (${withCheck})`}
                  </code>
                </div>
              </li>
            ))}
          </ul>
        )}
      </div>
    </details>
  )
}
