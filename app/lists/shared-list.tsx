'use client'

import type { ReactNode } from 'react'
import { Skeleton } from '@/app/components/ui/skeleton'
import type { Place } from '@/app/shell/place'
import type { ListDetails } from '@/db/queries/lists'
import { FailureNote } from './failure-note'
import { ListHeader } from './list-header'
import { ListNotHere } from './list-not-here'
import { MayEdit } from './may-edit'
import { failureMessage } from './messages'
import { useAnswer } from './use-answer'

type Props = {
  listId: string
  place: Place
  /** As the server has read it. */
  given: ListDetails | undefined
  /** The todos. */
  children: ReactNode
}

/** A list that a group shares: who is in it, its todos, and of all controls those that the database allows. */
export function SharedList({ listId, place, given, children }: Props) {
  const { answer, problem } = useAnswer('list', { listId }, { place, given })
  if (problem === 'gone') return <ListNotHere place={place} />
  return (
    <MayEdit value={answer?.mayEdit ?? false}>
      {answer ? (
        <ListHeader list={answer} place={place} />
      ) : problem ? (
        <FailureNote failure={failureMessage('list', problem)} />
      ) : (
        <Skeleton role="status" aria-label="Loading the list" className="mb-6 h-13 w-2/3" />
      )}
      {children}
    </MayEdit>
  )
}
