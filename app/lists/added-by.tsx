'use client'

import type { Todo } from '@/db/queries/todos'
import { useAccount } from '@/lib/auth/account'
import { useAnswer } from './use-answer'

/** Who added a todo of a shared list, unless it was the user. */
export function AddedBy({ todo }: { todo: Todo }) {
  const account = useAccount()
  const { listId, userId } = todo
  if (listId === null || account === null || userId === account.id) return null
  return <Author listId={listId} userId={userId} />
}

/** By the name that the list's members see; those who have left have none. */
function Author({ listId, userId }: { listId: string; userId: string }) {
  const { answer: members } = useAnswer('members', { listId })
  if (!members) return null
  const name = members.find((member) => member.userId === userId)?.name
  return (
    <span className="max-w-48 truncate">
      <span className="sr-only">Added by </span>
      <bdi>{name ?? 'A former member'}</bdi>
    </span>
  )
}
