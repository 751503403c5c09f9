'use client'

import { EyeIcon, EyeOffIcon, Trash2Icon } from 'lucide-react'
import { useState, useTransition } from 'react'
import { Button } from '@/app/components/ui/button'
import { Confirm } from '@/app/lists/confirm'
import { counted } from '@/app/lists/counted'
import { FailureNote } from '@/app/lists/failure-note'
import { moderate } from './actions'
import type { Decision } from './decision'
import { moderationFailure } from './messages'
import type { Reported } from './reported'

/** Large text on a narrow screen takes several lines. */
const FITS = 'max-w-full shrink py-2 whitespace-normal'

/** What was reported, why, and the three decisions that a moderator can make. */
export function ReportedTodo({ todo, reports }: Reported) {
  const { id, task, notes } = todo
  const isHidden = todo.hiddenAt !== null
  const [isDeciding, startDeciding] = useTransition()
  const [isAsking, setIsAsking] = useState(false)
  const [failure, setFailure] = useState<string | null>(null)

  function decide(decision: Decision['type']) {
    startDeciding(async () => {
      const result = await moderate({ type: decision, id })
      setFailure(result.ok ? null : moderationFailure(result.problem))
      setIsAsking(false)
    })
  }

  return (
    <li
      className="grid grid-cols-1 gap-4 rounded-xl border bg-card p-4 shadow-sm sm:p-5"
      aria-busy={isDeciding}
    >
      <div className="grid gap-1">
        <h2 dir="auto" className="font-medium wrap-anywhere">
          {task}
        </h2>
        {notes !== '' && (
          <p dir="auto" className="text-sm wrap-anywhere whitespace-pre-wrap">
            {notes}
          </p>
        )}
        {isHidden && (
          <p className="text-sm text-muted-foreground">Hidden from all but its author</p>
        )}
      </div>
      <div className="grid gap-1 text-sm">
        <p className="text-muted-foreground">{counted(reports.length, 'report')}</p>
        <ul role="list" className="grid gap-1">
          {reports.map((report) => (
            <li key={report.id} dir="auto" className="border-l-2 pl-3 wrap-anywhere">
              {report.reason === '' ? 'No reason given' : report.reason}
            </li>
          ))}
        </ul>
      </div>
      <FailureNote failure={failure} />
      {isAsking ? (
        <Confirm
          question="The todo is deleted for everyone in its list. This cannot be undone."
          action="Delete the todo"
          isBusy={isDeciding}
          onConfirm={() => {
            decide('delete')
          }}
          onCancel={() => {
            setIsAsking(false)
          }}
        />
      ) : (
        <div className="flex flex-wrap gap-2">
          <Button
            variant="outline"
            className={FITS}
            disabled={isDeciding}
            onClick={() => {
              decide(isHidden ? 'show' : 'hide')
            }}
          >
            {isHidden ? <EyeIcon aria-hidden /> : <EyeOffIcon aria-hidden />}
            {isHidden ? 'Show again' : 'Hide'}
          </Button>
          <Button
            variant="outline"
            className={FITS}
            disabled={isDeciding}
            onClick={() => {
              setIsAsking(true)
            }}
          >
            <Trash2Icon aria-hidden /> Delete…
          </Button>
          <Button
            variant="ghost"
            className={FITS}
            disabled={isDeciding}
            onClick={() => {
              decide('dismiss')
            }}
          >
            Dismiss the {reports.length === 1 ? 'report' : 'reports'}
          </Button>
        </div>
      )}
    </li>
  )
}
