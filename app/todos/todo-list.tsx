'use client'

import { useSearchParams } from 'next/navigation'
import { Button } from '@/app/components/ui/button'
import { FailureAlert } from './failure-alert'
import { matches, parseFilter } from './filter'
import { FilterLinks } from './filter-links'
import { Interactive } from './interactive'
import { ItemsLeft } from './items-left'
import { MarkAll } from './mark-all'
import { NewTodo } from './new-todo'
import { NothingHere } from './nothing-here'
import { TodoItem } from './todo-item'
import type { TodoSource } from './todo-source'
import { useChanges } from './use-changes'
import { useFocusRecovery } from './use-focus-recovery'
import { useLeaveWarning } from './use-leave-warning'

type Props = {
  userId: string
  source: TodoSource
  formAction?: (form: FormData) => Promise<void>
}

/** The screen of both pages. It knows how a list looks, but not where its data comes from. */
export function TodoList({ userId, source, formAction }: Props) {
  const { shown, isSaving, failure, makeChange, dismissFailure } = useChanges(source)
  const filter = parseFilter(useSearchParams().get('filter'))
  useLeaveWarning(isSaving)
  const listed = shown.filter((todo) => matches(filter, todo))

  return (
    <section
      {...useFocusRecovery()}
      aria-busy={isSaving}
      className="overflow-hidden rounded-xl border bg-card text-card-foreground shadow-sm"
    >
      <div className="flex items-center gap-3 p-4 sm:px-5">
        <Interactive>
          <MarkAll todos={shown} makeChange={makeChange} />
        </Interactive>
        <NewTodo userId={userId} makeChange={makeChange} formAction={formAction} />
      </div>
      {failure && (
        <FailureAlert failure={failure} makeChange={makeChange} onDismiss={dismissFailure} />
      )}
      <Interactive>
        {listed.length > 0 ? (
          <ul role="list" aria-label="Todos" className="divide-y border-t">
            {listed.map((todo) => (
              <TodoItem key={todo.id} todo={todo} makeChange={makeChange} />
            ))}
          </ul>
        ) : (
          <NothingHere filter={filter} />
        )}
        <footer className="flex flex-wrap items-center gap-x-4 gap-y-1 border-t px-4 py-2 text-sm sm:px-5">
          <ItemsLeft todos={shown} isSaving={isSaving} />
          <FilterLinks current={filter} />
          {shown.some((todo) => todo.isComplete) && (
            <Button
              variant="ghost"
              className="ml-auto"
              onClick={() => void makeChange({ type: 'clear-completed' })}
            >
              Clear completed
            </Button>
          )}
        </footer>
      </Interactive>
    </section>
  )
}
