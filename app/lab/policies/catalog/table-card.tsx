import { LockIcon, LockOpenIcon, TriangleAlertIcon } from 'lucide-react'
import { cn } from '@/lib/cn'
import type { Grant, Table } from '../../service/api'
import { Code } from '../../frame/code'
import { PolicyList } from './policy-list'

/** One table or view: whether it is under row-level security, its policies, grants and findings. */
export function TableCard({ table, isOpen = false }: { table: Table; isOpen?: boolean }) {
  const { name, kind, rowSecurity, policies, grants, findings, definition } = table
  const Lock = rowSecurity ? LockIcon : LockOpenIcon
  return (
    <details open={isOpen} className="min-w-0 rounded-lg border">
      <summary className="flex min-h-11 cursor-pointer flex-wrap items-center gap-x-3 gap-y-1 px-4 py-2">
        <code className="font-mono font-semibold">{name}</code>
        {kind === 'table' ? (
          <span
            className={cn(
              'flex items-center gap-1.5 text-sm',
              rowSecurity ? 'text-muted-foreground' : 'font-semibold text-destructive',
            )}
          >
            <Lock aria-hidden className="size-4" />
            row-level security {rowSecurity ? 'on' : 'off'} · {count(policies.length)}
          </span>
        ) : (
          <span className="text-sm text-muted-foreground">a view</span>
        )}
        {findings.length > 0 && (
          <span className="ml-auto flex items-center gap-1.5 text-sm text-destructive">
            <TriangleAlertIcon aria-hidden className="size-4" />
            {findings.length} found
          </span>
        )}
      </summary>
      <div className="grid min-w-0 gap-4 border-t p-4">
        {findings.map(({ check, what, fix }) => (
          <div
            key={`${check} ${what}`}
            className="grid min-w-0 gap-2 rounded-md border border-destructive/40 bg-destructive/8 p-3 text-sm"
          >
            <p>
              <code className="font-mono">{check}</code>: {what}
            </p>
            <Code>{fix}</Code>
          </div>
        ))}
        {definition !== null && <Code>{definition.trim()}</Code>}
        <PolicyList policies={policies} />
        <Grants grants={grants} />
      </div>
    </details>
  )
}

const count = (n: number) => `${n} ${n === 1 ? 'policy' : 'policies'}`

/** What a role may do at all, before any policy is asked. */
function Grants({ grants }: { grants: readonly Grant[] }) {
  const roles = [...new Set(grants.map(({ role }) => role))]
  return (
    <div className="grid gap-1 text-sm">
      <h3 className="font-medium">Grants</h3>
      {roles.length === 0 && <p className="text-muted-foreground">None: no user reaches it.</p>}
      <ul role="list" className="grid gap-1">
        {roles.map((role) => (
          <li key={role} className="text-muted-foreground">
            <code className="font-mono text-foreground">{role}</code>:{' '}
            {grants
              .filter((grant) => grant.role === role)
              .map(({ privilege, columns }) =>
                columns === null
                  ? privilege.toLowerCase()
                  : `${privilege.toLowerCase()} (${columns.join(', ')})`,
              )
              .join(', ')}
          </li>
        ))}
      </ul>
    </div>
  )
}
