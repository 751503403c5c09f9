import { Skeleton } from './ui/skeleton'

/** Stands in for the form while it loads. */
export function SignInSkeleton() {
  return (
    <div
      role="status"
      aria-label="Loading"
      className="grid w-full max-w-[25rem] noscript:hidden gap-5 rounded-xl border bg-card p-10"
    >
      <Skeleton className="mx-auto h-6 w-40" />
      <Skeleton className="h-9" />
      <Skeleton className="h-9" />
    </div>
  )
}
