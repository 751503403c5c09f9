'use client'

import { BookmarkIcon, SwordsIcon } from 'lucide-react'
import type { ReactNode } from 'react'
import { Button } from '@/app/components/ui/button'
import { SqlEditor } from '../editor/lazy-sql-editor'
import type { Names } from '../editor/sql-editor'

type Props = {
  text: string
  names: Names
  canRun: boolean
  onChange: (text: string) => void
  onRun: () => void
  onKeep: () => void
  /** Between the SQL and the button that sends it. */
  children: ReactNode
}

/** The SQL that is sent, as Bob. */
export function Workbench({ text, names, canRun, onChange, onRun, onKeep, children }: Props) {
  return (
    <section aria-label="Your attack" className="grid grid-cols-1 gap-4">
      <p className="text-pretty">
        You are <strong className="rounded bg-bob px-1.5 py-0.5 text-white">Bob</strong> in a
        scratch database, beside private todos of Alice’s and Carol’s. The list “Summer party” Alice
        shares with you.
      </p>
      <SqlEditor label="SQL" value={text} names={names} onChange={onChange} onRun={onRun} />
      {children}
      <div className="flex flex-wrap items-center gap-2">
        <Button size="lg" disabled={!canRun} onClick={onRun}>
          <SwordsIcon aria-hidden /> Attack
        </Button>
        <Button variant="outline" size="lg" disabled={text.trim() === ''} onClick={onKeep}>
          <BookmarkIcon aria-hidden /> Keep
        </Button>
        <span className="text-sm text-muted-foreground max-sm:hidden">
          Ctrl+Enter runs it, too.
        </span>
      </div>
    </section>
  )
}
