import { CheckIcon, XIcon } from 'lucide-react'
import { Skeleton } from '@/app/components/ui/skeleton'
import { cn } from '@/lib/cn'
import { DefenceIcon } from '../attempt/defence-icon'
import type { Attempt } from '../attempt/scene'
import { headingOf } from '../attempt/verdict-words'
import { ScrollFrame } from '../frame/scroll-frame'
import { LAYERS } from '../service/api'
import { LAYER_WORDS } from './layer-words'
import type { World } from './tries'
import type { Told } from './use-tries'

type Props = {
  worlds: readonly World[]
  told: Told
  isRunning: boolean
  shown: string | null
  onShow: (world: string) => void
}

/** A line for each world: what it has, what it lacks, and what became of the attack there. */
export function WorldTable({ worlds, told, isRunning, shown, onShow }: Props) {
  return (
    <ScrollFrame label="Worlds">
      <table className="w-full text-left">
        <thead className="bg-muted text-sm">
          <tr>
            <th scope="col" className="px-3 py-2 font-medium">
              World
            </th>
            {LAYERS.map((layer) => (
              <th
                key={layer}
                scope="col"
                className="px-2 py-2 text-center font-medium max-sm:hidden"
              >
                {LAYER_WORDS[layer].name}
              </th>
            ))}
            <th scope="col" className="px-3 py-2 font-medium">
              The attack
            </th>
          </tr>
        </thead>
        <tbody aria-live="polite">
          {worlds.map(({ name, missing }) => (
            <tr key={name} className={cn('border-t', shown === name && 'bg-accent')}>
              <th scope="row" className="px-3 py-0.5 font-medium">
                {name}
              </th>
              {LAYERS.map((layer) => (
                <td key={layer} className="px-2 py-0.5 text-center max-sm:hidden">
                  {missing.includes(layer) ? (
                    <XIcon aria-label="missing" className="inline size-5 text-destructive" />
                  ) : (
                    <CheckIcon aria-label="there" className="inline size-5 text-primary" />
                  )}
                </td>
              ))}
              <td className="px-3 py-0.5">
                <Ending
                  attempt={told[name]}
                  isRunning={isRunning}
                  onShow={() => {
                    onShow(name)
                  }}
                />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollFrame>
  )
}

function Ending({
  attempt,
  isRunning,
  onShow,
}: {
  attempt: Attempt | undefined
  isRunning: boolean
  onShow: () => void
}) {
  if (attempt === undefined) {
    return (
      <span className="flex min-h-11 items-center">
        {isRunning ? <Skeleton className="h-6 w-48" /> : <span aria-hidden>–</span>}
      </span>
    )
  }
  const { verdict } = attempt
  return (
    <button
      type="button"
      onClick={onShow}
      className={cn(
        'flex min-h-11 cursor-pointer items-center gap-2 rounded-md text-left font-medium underline decoration-dotted underline-offset-4',
        verdict.kind === 'broke through' && 'text-destructive',
      )}
    >
      {verdict.kind === 'stopped' && (
        <DefenceIcon defence={verdict.by} className="size-5 shrink-0 text-primary" />
      )}
      {headingOf(verdict)}
    </button>
  )
}
