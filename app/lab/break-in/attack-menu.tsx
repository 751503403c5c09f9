import { CheckIcon, CircleIcon, SkullIcon } from 'lucide-react'
import type { Attack, AttackGroup } from './attack-groups'
import type { Ending } from './logbook'
import { Button } from '@/app/components/ui/button'
import { cn } from '@/lib/cn'

type Props = {
  group: AttackGroup
  tried: Readonly<Record<string, Ending>>
  chosen: string | undefined
  isBusy: boolean
  onChoose: (attack: Attack) => void
  onTryAll: () => void
}

/** One group of attacks. Of all groups, one is open at a time. */
export function AttackMenu({ group, tried, chosen, isBusy, onChoose, onTryAll }: Props) {
  const { title, aim, attacks } = group
  const here = attacks.filter(({ needsWorld }) => !needsWorld).length
  const done = attacks.filter(({ id }) => tried[id] !== undefined).length
  return (
    <details name="attacks" className="group rounded-lg border bg-card open:border-primary">
      <summary className="flex min-h-11 cursor-pointer items-center justify-between gap-2 px-3 font-medium">
        <span>{title}</span>
        <span className="text-sm font-normal text-muted-foreground tabular-nums">
          {done}/{attacks.length}
        </span>
      </summary>
      <div className="grid grid-cols-1 gap-2 border-t p-2">
        <p className="px-1 text-sm text-pretty text-muted-foreground">{aim}</p>
        <Button variant="outline" disabled={isBusy || here === 0} onClick={onTryAll}>
          Try all {here}
        </Button>
        <ul role="list" className="grid max-h-72 grid-cols-1 overflow-y-auto">
          {attacks.map((attack) => (
            <li key={attack.id}>
              <button
                type="button"
                aria-current={attack.id === chosen || undefined}
                onClick={() => {
                  onChoose(attack)
                }}
                className="flex min-h-11 w-full cursor-pointer items-center gap-2 rounded-md px-2 text-left hover:bg-accent aria-[current]:bg-accent aria-[current]:font-semibold"
              >
                <EndingIcon ending={tried[attack.id]} />
                <code className="min-w-0 truncate font-mono text-sm">
                  {[attack.sql].flat().join('; ')}
                </code>
              </button>
            </li>
          ))}
        </ul>
      </div>
    </details>
  )
}

function EndingIcon({ ending }: { ending: Ending | undefined }) {
  const className = 'size-4 shrink-0'
  if (ending === undefined) {
    return <CircleIcon aria-label="Not tried" className={cn(className, 'text-muted-foreground')} />
  }
  return ending === 'nothing' ? (
    <SkullIcon aria-label="Broke through" className={cn(className, 'text-destructive')} />
  ) : (
    <CheckIcon aria-label="Tried" className={cn(className, 'text-primary')} />
  )
}
