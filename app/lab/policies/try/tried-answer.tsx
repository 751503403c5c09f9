import { BanIcon, CheckIcon } from 'lucide-react'
import type { Outcome, Tried } from '../../service/api'
import { HearingTable } from './hearing-table'

/** What came of it, then what each policy said. */
export function TriedAnswer({ tried: { outcome, hearings } }: { tried: Tried }) {
  return (
    <>
      <OutcomeLine outcome={outcome} />
      {hearings.map((hearing) => (
        <HearingTable key={hearing.table} hearing={hearing} />
      ))}
      {hearings.length === 0 && outcome.error?.proxyCode != null && (
        <p className="text-muted-foreground">No policy was asked: the gate refused it before.</p>
      )}
    </>
  )
}

export function OutcomeLine({ outcome: { results, error } }: { outcome: Outcome }) {
  const [result] = results
  const Icon = error === null ? CheckIcon : BanIcon
  return (
    <p className="flex items-start gap-2 text-lg font-medium">
      <Icon
        aria-hidden
        className={`mt-1 size-5 shrink-0 ${error === null ? 'text-primary' : 'text-destructive'}`}
      />
      <span className="min-w-0 wrap-anywhere">
        {error === null
          ? `${result?.command ?? ''}: ${rows(result?.rowCount ?? 0)}`
          : `${error.message}${error.code === null ? '' : ` (${error.code})`}`}
      </span>
    </p>
  )
}

const rows = (n: number) => `${n} ${n === 1 ? 'row' : 'rows'}`
