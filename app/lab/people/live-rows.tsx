import { Skeleton } from '@/app/components/ui/skeleton'
import { AnswerRows } from '../trace/answer-rows'
import { counted } from '../trace/summary'
import type { Live } from './use-live-answer'

/** What a person sees now. A new answer lights up. */
export function LiveRows({ live }: { live: Live }) {
  if (live.state === 'waiting') return <Skeleton className="h-32" />
  if (live.state === 'refused') {
    return (
      <p role="status" className="wrap-anywhere text-destructive">
        Refused: {live.message}
      </p>
    )
  }
  const { columns, rows } = live.answer
  return (
    <div key={live.version} className="light-up grid grid-cols-1 gap-2">
      <p role="status" className="text-sm text-muted-foreground">
        {counted(rows.length, 'row')}
      </p>
      <AnswerRows columns={columns} rows={rows} />
    </div>
  )
}
