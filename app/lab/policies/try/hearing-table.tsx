import { CheckIcon, XIcon } from 'lucide-react'
import { cn } from '@/lib/cn'
import { ScrollFrame } from '../../frame/scroll-frame'
import type { Hearing } from '../../service/api'

/** Of many columns, those by which people know a row. */
const TELLING = ['user_id', 'created_by', 'team', 'task', 'name', 'body', 'email', 'role']
const MOST_COLUMNS = 3

/** Each row with a verdict of each policy: of the rows before the statement, then of those that it wrote. */
export function HearingTable({ hearing }: { hearing: Hearing }) {
  const { table, columns, before, after, isCut } = hearing
  return (
    <div className="grid min-w-0 gap-4">
      {before.policies.length > 0 && (
        <Verdicts
          title={`The rows of ${table}: may they be reached?`}
          {...{ columns, ...before }}
        />
      )}
      {after.policies.length > 0 && (
        <Verdicts
          title={`What it writes to ${table}: may it stay?`}
          empty="Nothing was written, so there was nothing to ask."
          {...{ columns, ...after }}
        />
      )}
      {isCut && <p className="text-sm text-muted-foreground">There are more rows than these.</p>}
    </div>
  )
}

type Props = Hearing['before'] & { title: string; columns: readonly string[]; empty?: string }

function Verdicts({ title, columns, policies, rows, empty }: Props) {
  const told = columns
    .map((name, index) => ({ name, index }))
    .filter(({ name }) => TELLING.includes(name))
    .slice(0, MOST_COLUMNS)
  if (rows.length === 0 && empty !== undefined) {
    return <p className="text-muted-foreground">{empty}</p>
  }
  return (
    <figure className="grid min-w-0 gap-1.5">
      <figcaption className="font-medium">{title}</figcaption>
      <ScrollFrame label={title} className="max-h-112">
        <table className="w-full text-left text-sm">
          <thead className="sticky top-0 bg-muted align-bottom">
            <tr>
              {told.map(({ name }) => (
                <th key={name} scope="col" className="px-3 py-2 font-medium">
                  {name}
                </th>
              ))}
              {policies.map(({ name, command }) => (
                <th
                  key={`${name} ${command}`}
                  scope="col"
                  className="min-w-28 px-3 py-2 font-medium"
                >
                  <span className="block text-xs text-muted-foreground uppercase">{command}</span>
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map(({ values, verdicts }, at) => (
              <tr
                key={at}
                className={cn('border-t', !verdicts.includes(true) && 'text-muted-foreground')}
              >
                {told.map(({ name, index }) => (
                  <td key={name} className="max-w-72 truncate px-3 py-2 font-mono">
                    {values[index] ?? <em>null</em>}
                  </td>
                ))}
                {verdicts.map((verdict, index) => (
                  <td key={index} className="px-3 py-2">
                    <Verdict verdict={verdict} />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollFrame>
    </figure>
  )
}

function Verdict({ verdict }: { verdict: boolean | null }) {
  if (verdict === true) {
    return (
      <span className="flex items-center gap-1 font-semibold text-primary">
        <CheckIcon aria-hidden className="size-4" /> yes
      </span>
    )
  }
  return (
    <span className="flex items-center gap-1 text-muted-foreground">
      <XIcon aria-hidden className="size-4" /> {verdict === null ? 'unknown' : 'no'}
    </span>
  )
}
