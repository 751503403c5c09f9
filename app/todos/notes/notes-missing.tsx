import { Button } from '@/app/components/ui/button'
import { Skeleton } from '@/app/components/ui/skeleton'
import { reason } from '@/app/todos/messages'
import type { Problem } from '@/lib/problem'

/** In place of notes that are being read, or could not be: nothing can be typed over what is not there. */
export function NotesMissing({
  problem,
  onRetry,
}: {
  problem: Problem | null
  onRetry: () => void
}) {
  if (problem === null) {
    return <Skeleton role="status" aria-label="Loading the notes" className="h-32" />
  }
  return (
    <div role="alert" className="grid justify-items-start gap-2 text-sm">
      <p>The notes could not be loaded. {reason(problem)}</p>
      <Button variant="outline" onClick={onRetry}>
        Retry
      </Button>
    </div>
  )
}
