/** Shows each change immediately, saves it, and reverts it with a message if saving failed. */
import { useOptimistic, useState, useTransition } from 'react'
import { failed } from '@/lib/problem'
import type { Change } from './change'
import type { Failure } from './messages'
import { guess, type ShownTodo } from './show-change'
import { isTask } from './task'
import type { TodoSource } from './todo-source'

/** Performs a change and returns whether it was saved. */
export type MakeChange = (change: Change) => Promise<boolean>

export function useChanges({ todos, save }: TodoSource) {
  // React drops the optimistic state when the transition ends; then `todos` is the database's answer.
  const [shown, addGuess] = useOptimistic<ShownTodo[], Change>(todos, guess)
  const [isSaving, startSaving] = useTransition()
  const [failure, setFailure] = useState<Failure | null>(null)

  const makeChange: MakeChange = (change) =>
    new Promise((resolve) => {
      startSaving(async () => {
        const isSendable = !('task' in change) || isTask(change.task)
        if (isSendable) addGuess(change)
        const result = isSendable ? await save(change) : failed('invalid-task')
        const task = taskOf(change, shown)
        setFailure(result.ok ? null : { change, problem: result.problem, task })
        resolve(result.ok)
      })
    })

  function dismissFailure() {
    setFailure(null)
  }

  return { shown, isSaving, failure, makeChange, dismissFailure }
}

/** The text of the changed todo, at the time of the change. */
function taskOf(change: Change, todos: ShownTodo[]): string {
  if (!('id' in change)) return ''
  return todos.find(({ id }) => id === change.id)?.task ?? ''
}
