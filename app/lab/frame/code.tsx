import type { ReactNode } from 'react'
import { cn } from '@/lib/cn'

/** SQL, JSON or a plan, readable from the back row; long lines wrap. */
export function Code({ children, className }: { children: ReactNode; className?: string }) {
  return (
    <pre
      className={cn(
        'rounded-lg bg-muted px-3 py-2 font-mono text-sm wrap-anywhere whitespace-pre-wrap sm:text-base',
        className,
      )}
    >
      <code>{children}</code>
    </pre>
  )
}
