import { Skeleton } from '@/app/components/ui/skeleton'

import './todos.css'

/** A placeholder for the list and the toolbar above it while they load. */
export function TodoListSkeleton() {
  return (
    <div
      role="status"
      aria-label="Loading your todos"
      className="mt-13 rounded-xl border bg-card shadow-sm"
    >
      <div className="flex items-center gap-3 p-4 sm:px-5">
        <Skeleton className="size-5 rounded-full" />
        <Skeleton className="h-11 flex-1" />
        <Skeleton className="h-11 w-19" />
      </div>
      {['w-3/5', 'w-2/5', 'w-1/2'].map((width) => (
        <div key={width} className="flex h-14 items-center gap-3 border-t px-4 sm:px-5">
          <Skeleton className="size-5 rounded-full" />
          <Skeleton className={`h-5 ${width}`} />
        </div>
      ))}
      {/* Says so by itself, without JavaScript too: what hangs may be anything. */}
      <p className="flex min-h-14 appears-late items-center border-t px-4 py-2 text-sm sm:px-5">
        This takes unusually long: the database or the sign-in service does not answer. Still
        trying…
      </p>
    </div>
  )
}
