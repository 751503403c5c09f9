/** What is said when an operation on a list fails: what did not happen, why, and what to do. */
import { reason } from '@/app/todos/messages'
import type { Problem } from '@/lib/problem'
import { maxListNameLength } from './list-name'
import type { Name } from './operations'

const whatFailed: Record<Name, string> = {
  lists: 'Your lists could not be loaded.',
  notices: 'Your invitations could not be loaded.',
  list: 'The list could not be loaded.',
  homes: 'Your lists could not be loaded.',
  members: 'The members could not be loaded.',
  links: 'The links could not be loaded.',
  invitations: 'The invitations could not be loaded.',
  createList: 'The list was not created.',
  renameList: 'The list was not renamed.',
  deleteList: 'The list was not deleted.',
  leaveList: 'You have not left the list.',
  setRole: 'The role was not changed.',
  transferOwnership: 'The owner is the same as before.',
  removeMember: 'The member was not removed.',
  createLink: 'No link was created.',
  revokeLink: 'The link was not revoked.',
  invite: 'The invitation was not made.',
  deleteInvitation: 'The invitation is still there.',
  previewLink: 'The list could not be looked up.',
  joinByLink: 'You have not joined the list.',
  joinByInvitation: 'You have not joined the list.',
  reportTodo: 'The todo was not reported.',
}

/** Where the general reason would say too little, or something else. */
const whyHere: Partial<Record<Problem, string>> = {
  full: 'You have as many as you can have. Delete some, then try again.',
  gone: 'It is not there any more, or you may no longer do this. What you see has been read again.',
  refused: 'You may not do this (any more). What you see has been read again.',
  'last-owner': 'A list needs an owner. Make another member the owner first, or delete the list.',
  'not-invited':
    'The invitation is not valid, or not any more. Ask an owner of the list for a new one.',
  'unknown-outcome': 'The connection was lost. What you see has been read again.',
}

/** The database answers nothing for what is there already, too. */
const gone: Partial<Record<Name, string>> = {
  invite: 'This address is invited already, or you may no longer invite to this list.',
  createLink: 'You may no longer share this list. What you see has been read again.',
}

const invalid: Partial<Record<Name, string>> = {
  createList: `A list’s name is 1 to ${maxListNameLength} characters long.`,
  renameList: `A list’s name is 1 to ${maxListNameLength} characters long.`,
  invite: 'This is not an e-mail address.',
  reportTodo: 'A reason is at most 500 characters long.',
}

export function failureMessage(name: Name, problem: Problem): string {
  const special =
    problem === 'gone' ? gone[name] : problem === 'invalid-task' ? invalid[name] : undefined
  return `${whatFailed[name]} ${special ?? whyHere[problem] ?? reason(problem)}`
}
