import { CircleAlertIcon, FileLockIcon, SkullIcon, Undo2Icon } from 'lucide-react'
import { cn } from '@/lib/cn'
import { DefenceIcon } from './defence-icon'
import { DEFENCE_WORDS } from './defences'
import type { Verdict } from './verdict'
import { headingOf } from './verdict-words'

/** What became of an attack: large enough for the back row. */
export function VerdictCard({ verdict, guess }: { verdict: Verdict; guess?: string }) {
  const isBreach = verdict.kind === 'broke through'
  const isOpen = verdict.kind === 'failed' || verdict.kind === 'undecided'
  return (
    <div
      className={cn(
        'flex items-start gap-4 rounded-xl border-2 bg-card p-4',
        isBreach && 'border-destructive bg-destructive/8',
        isOpen && 'border-input',
        !isBreach && !isOpen && 'border-primary',
      )}
    >
      <Icon verdict={verdict} />
      <div className="grid min-w-0 gap-1">
        <p className={cn('text-xl font-semibold', isBreach && 'text-destructive')}>
          {headingOf(verdict)}
          {guess !== undefined && (
            <span className="ml-3 text-base font-normal text-muted-foreground">{guess}</span>
          )}
        </p>
        <p className="font-mono text-sm wrap-anywhere">{verdict.why}</p>
        {verdict.kind === 'stopped' && (
          <p className="text-sm text-pretty text-muted-foreground">
            {DEFENCE_WORDS[verdict.by].does}
          </p>
        )}
        {verdict.kind === 'ran' && (
          <p className="text-sm text-pretty text-muted-foreground">{DEFENCE_WORDS.policy.does}</p>
        )}
      </div>
    </div>
  )
}

function Icon({ verdict }: { verdict: Verdict }) {
  const className = 'mt-0.5 size-7 shrink-0'
  switch (verdict.kind) {
    case 'stopped':
      return <DefenceIcon defence={verdict.by} className={cn(className, 'text-primary')} />
    case 'ran':
      return <FileLockIcon aria-hidden className={cn(className, 'text-primary')} />
    case 'failed':
      return <CircleAlertIcon aria-hidden className={cn(className, 'text-muted-foreground')} />
    case 'undecided':
      return <Undo2Icon aria-hidden className={cn(className, 'text-muted-foreground')} />
    case 'broke through':
      return <SkullIcon aria-hidden className={cn(className, 'text-destructive')} />
  }
}
