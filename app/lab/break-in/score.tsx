import { Button } from '@/app/components/ui/button'
import { cn } from '@/lib/cn'
import { DefenceIcon } from '../attempt/defence-icon'
import { DEFENCE_WORDS, DEFENCES } from '../attempt/defences'
import { ALL_ATTACKS } from './attack-groups'
import { startOver, useLogbook } from './logbook'

/** How many of the attacks have been tried, and what stopped how many. */
export function Score() {
  const { tried } = useLogbook()
  const endings = ALL_ATTACKS.flatMap(({ id }) => tried[id] ?? [])
  const count = (ending: string) => endings.filter((one) => one === ending).length
  return (
    <section
      aria-label="Score"
      className="flex flex-wrap items-center gap-x-5 gap-y-2 rounded-xl border bg-card px-4 py-2"
    >
      <p className="tabular-nums">
        <strong className="text-xl">{endings.length}</strong>{' '}
        <span className="text-muted-foreground">of {ALL_ATTACKS.length} attacks tried</span>
      </p>
      <p className={cn('tabular-nums', count('nothing') > 0 && 'text-destructive')}>
        <strong className="text-xl">{count('nothing')}</strong>{' '}
        <span className={cn(count('nothing') === 0 && 'text-muted-foreground')}>broke through</span>
      </p>
      <ul role="list" className="flex flex-wrap gap-x-4 gap-y-1 text-sm">
        {DEFENCES.filter((defence) => count(defence) > 0).map((defence) => (
          <li key={defence} className="flex items-center gap-1.5 tabular-nums">
            <DefenceIcon defence={defence} className="size-4 text-primary" />
            {DEFENCE_WORDS[defence].name} {count(defence)}
          </li>
        ))}
      </ul>
      {endings.length > 0 && (
        <Button variant="ghost" className="ml-auto" onClick={startOver}>
          Start over
        </Button>
      )}
    </section>
  )
}
