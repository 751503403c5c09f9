import type { ReactNode } from 'react'

type Props = { name: string; isChosen: boolean; onChoose: () => void; children: ReactNode }

/** One of several choices that exclude each other: a radio button in the shape of a pill. */
export function PillChoice({ name, isChosen, onChoose, children }: Props) {
  return (
    <label className="flex min-h-11 cursor-pointer items-center gap-2 rounded-full border bg-card px-3 has-checked:border-primary has-checked:bg-primary has-checked:text-primary-foreground has-focus-visible:outline-2 has-focus-visible:outline-offset-2">
      <input type="radio" name={name} className="sr-only" checked={isChosen} onChange={onChoose} />
      {children}
    </label>
  )
}
