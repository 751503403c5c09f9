/** Messages for failed changes: what failed, why, and what to do. */
import type { Problem } from '@/lib/problem'
import type { Change } from './change'
import { maxTaskLength, maxTodos, tooLong } from './task'

/** `about` is the text of the todo, if the change concerns one. */
export type Failure = { change: Change; problem: Problem; about: string }

const reasons: Record<Problem, string> = {
  busy: 'The database is busy right now. Try again in a moment.',
  full: `You have ${maxTodos.toLocaleString('en')} todos, and that is the most you can have. Delete some, then try again.`,
  gone: 'It is not there any more: it may have been deleted in another tab.',
  'invalid-task': tooLong,
  'last-owner': 'A list needs an owner. Make another member the owner first, or delete the list.',
  'not-invited': 'The invitation is not valid, or not any more. Ask for a new one.',
  refused: 'The database refused this. Reload the page to see what is there now.',
  'signed-out': 'Your session has ended. Sign in again to go on.',
  'unknown-outcome':
    'The connection was lost. Look at the list, which has been read again, before you repeat it.',
  unexpected: 'Something went wrong. Try again, and reload the page if that does not help.',
  unreachable: 'The database could not be reached. Check your connection and try again.',
}

/** The reason alone, for a list that could not be loaded. */
export function reason(problem: Problem): string {
  return reasons[problem]
}

/** Both sentences. */
export function failureMessage({ change, problem, about }: Failure): string {
  if (problem === 'unknown-outcome')
    return `Your change may have been saved or not. ${reasons[problem]}`
  return `${whatFailed(change, about)} ${reasons[problem]}`
}

/** Whether the same change may succeed later. */
export function isWorthRetrying(problem: Problem): boolean {
  return problem !== 'gone' && problem !== 'invalid-task'
}

function whatFailed(change: Change, about: string): string {
  switch (change.type) {
    case 'add':
      return `${quote(change.task)} was not added.`
    case 'add-many':
      return `${many(change.todos)} were not added.`
    case 'note':
      return `The notes of ${quote(about)} were not saved.`
    case 'due':
      return `The due date of ${quote(about)} was not saved.`
    case 'move':
      return `${quote(about)} was not moved.`
    case 'due-many':
      return `The due date of ${many(change.ids)} was not saved.`
    case 'move-many':
      return `${many(change.moved)} were not moved.`
    case 'rename':
      return `${quote(about)} was not renamed to ${quote(change.task)}.`
    case 'complete':
      return `${quote(about)} was not marked as ${stateOf(change)}.`
    case 'delete':
      return `${quote(about)} was not deleted.`
    case 'complete-many':
      return `${many(change.ids)} were not marked as ${stateOf(change)}.`
    case 'delete-many':
      return `${many(change.ids)} were not deleted.`
    case 'complete-all':
      return `Not all todos were marked as ${stateOf(change)}.`
    case 'clear-completed':
      return 'The completed todos were not cleared.'
    case 'restore':
      return `${many(change.todos)} were not put back.`
  }
}

const stateOf = ({ isComplete }: { isComplete: boolean }) => (isComplete ? 'complete' : 'active')
const many = ({ length }: readonly unknown[]) => `${length} ${length === 1 ? 'todo' : 'todos'}`

/** Shortens a long task. The full text is still in its row. */
function quote(task: string): string {
  const characters = Array.from(task)
  return `“${characters.length <= maxTaskLength ? task : `${characters.slice(0, 60).join('')}…`}”`
}
