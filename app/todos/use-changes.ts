/** Shows each change at once, saves it, and takes it back with a message if it could not be saved. */
import { useOptimistic, useState, useTransition } from 'react'
import { failed } from '@/lib/problem'
import type { Change } from './change'
import type { Failure } from './messages'
import { guess, type ShownTodo } from './show-change'
import { isTask } from './task'
import type { TodoSource } from './todo-source'

/** Makes a change and answers whether it was saved. */
export type MakeChange = (change: Change) => Promise<boolean>

export function useChanges({ todos, save }: TodoSource) {
  // React drops the guesses when the transition ends: then `todos` is what the database said.
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

/** The name of the todo that a change is about, as it was when the change was made. */
function taskOf(change: Change, todos: ShownTodo[]): string {
  if (!('id' in change)) return ''
  return todos.find(({ id }) => id === change.id)?.task ?? ''
}
