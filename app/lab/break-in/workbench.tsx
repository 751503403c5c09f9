'use client'

import { BookmarkIcon, SwordsIcon } from 'lucide-react'
import type { ReactNode } from 'react'
import { Button } from '@/app/components/ui/button'
import { SqlEditor } from '../editor/lazy-sql-editor'
import type { Names } from '../service/api'

type Props = {
  /** Names the attacker and the database. */
  intro: ReactNode
  text: string
  names: Names
  canRun: boolean
  onChange: (text: string) => void
  onRun: () => void
  onKeep: () => void
  /** Between the SQL and the button that sends it. */
  children: ReactNode
}

/** The SQL that is sent. */
export function Workbench({
  intro,
  text,
  names,
  canRun,
  onChange,
  onRun,
  onKeep,
  children,
}: Props) {
  return (
    <section aria-label="Your attack" className="grid grid-cols-1 gap-4">
      {intro}
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
