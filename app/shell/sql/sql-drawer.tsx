'use client'

import { XIcon } from 'lucide-react'
import { useEffect, useRef, useSyncExternalStore, type KeyboardEvent } from 'react'
import { Button } from '@/app/components/ui/button'
import { onStatement, recentStatements, type RecentStatement } from './recent-statements'
import { StatementDetails } from './statement-details'

const none: readonly RecentStatement[] = []

/** The SQL that this tab has had run. It stays open while one works: the newest comes on top. */
export function SqlDrawer({ onClose }: { onClose: () => void }) {
  const statements = useSyncExternalStore(onStatement, recentStatements, () => none)
  const heading = useRef<HTMLHeadingElement>(null)

  useEffect(() => {
    const opener = document.activeElement
    heading.current?.focus()
    return () => {
      if (opener instanceof HTMLElement) opener.focus()
    }
  }, [])

  function closeOnEscape({ key }: KeyboardEvent) {
    if (key === 'Escape') onClose()
  }

  return (
    <section
      aria-label="SQL of the last action"
      onKeyDown={closeOnEscape}
      className="fixed inset-x-0 bottom-0 z-20 flex max-h-[60dvh] flex-col border-t bg-popover text-popover-foreground shadow-2xl md:left-64"
    >
      <div className="flex items-center gap-2 border-b px-4 py-1">
        <h2 ref={heading} tabIndex={-1} className="flex-1 font-semibold">
          SQL of the last action
        </h2>
        <Button variant="ghost" size="icon" className="-mr-2" aria-label="Close" onClick={onClose}>
          <XIcon aria-hidden />
        </Button>
      </div>
      <div tabIndex={0} role="region" aria-label="Statements" className="overflow-y-auto p-4">
        {statements.length === 0 ? (
          <p className="text-sm text-muted-foreground">
            Nothing has been sent since this page was loaded. Add a todo, or tick one.
          </p>
        ) : (
          <ol role="list" className="grid gap-4">
            {statements.map((statement, index) => (
              <li key={statement.id}>
                <StatementDetails statement={statement} isOpen={index === 0} />
              </li>
            ))}
          </ol>
        )}
      </div>
    </section>
  )
}
