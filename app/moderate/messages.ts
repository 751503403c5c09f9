import { reason } from '@/app/todos/messages'
import type { Problem } from '@/lib/problem'

/** Why a moderator's decision was not carried out. */
export function moderationFailure(problem: Problem): string {
  if (problem === 'gone') return 'It is not there any more: another moderator may have been faster.'
  if (problem === 'refused') return 'You are no longer a moderator. Nothing was changed.'
  return `Nothing was changed. ${reason(problem)}`
}
