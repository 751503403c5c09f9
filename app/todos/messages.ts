/** Messages for failed changes: what failed, why, and what to do. */
import type { Problem } from '@/lib/problem'
import type { Change } from './change'
import { maxTaskLength, maxTodos } from './task'

export type Failure = { change: Change; problem: Problem; task: string }

const reasons: Record<Problem, string> = {
  busy: 'The database is busy right now. Try again in a moment.',
  full: `You have ${maxTodos.toLocaleString('en')} todos, and that is the most you can have. Delete some, then try again.`,
  gone: 'It is not there any more: it may have been deleted in another tab.',
  'invalid-task': `A todo is 1 to ${maxTaskLength} characters long.`,
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

/** Both sentences. `task` is the text of the todo, if the change concerns one. */
export function failureMessage({ change, problem, task }: Failure): string {
  if (problem === 'unknown-outcome')
    return `Your change may have been saved or not. ${reasons[problem]}`
  return `${whatFailed(change, task)} ${reasons[problem]}`
}

/** The change that the button beside the message offers, with its label. */
export function remedy({ change, problem }: Failure): { label: string; change: Change } | null {
  if (change.type === 'rename' && problem === 'gone')
    return { label: 'Add it as a new todo', change: { type: 'add', task: change.task } }
  // The text is still in its box: Enter tries again.
  if (change.type === 'add' || change.type === 'rename') return null
  // These set a state, so repeating them does no harm.
  if (problem === 'unknown-outcome') return { label: 'Try again', change }
  if (problem === 'busy' || problem === 'unreachable' || problem === 'unexpected')
    return { label: 'Try again', change }
  return null
}

function whatFailed(change: Change, task: string): string {
  switch (change.type) {
    case 'add':
      return `${quote(change.task)} was not added.`
    case 'rename':
      return `${quote(task)} was not renamed to ${quote(change.task)}.`
    case 'complete':
      return `${quote(task)} was not marked as ${change.isComplete ? 'complete' : 'active'}.`
    case 'delete':
      return `${quote(task)} was not deleted.`
    case 'complete-all':
      return `Not all todos were marked as ${change.isComplete ? 'complete' : 'active'}.`
    case 'clear-completed':
      return 'The completed todos were not cleared.'
  }
}

/** Shortens a long task. The full text is still in its box. */
function quote(task: string): string {
  const characters = Array.from(task)
  return `“${characters.length <= maxTaskLength ? task : `${characters.slice(0, 60).join('')}…`}”`
}
