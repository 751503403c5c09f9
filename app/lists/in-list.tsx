'use client'

import { ListIcon } from 'lucide-react'
import { usePathname } from 'next/navigation'
import type { Todo } from '@/db/queries/todos'
import { useAnswer } from './use-answer'

/** Which list a todo is in, where todos of several lists are shown. */
export function InList({ todo: { listId } }: { todo: Todo }) {
  const path = usePathname()
  return listId === null || path.endsWith(`/lists/${listId}`) ? null : <ListName id={listId} />
}

function ListName({ id }: { id: string }) {
  const { answer: lists } = useAnswer('lists', {})
  const name = lists?.find((list) => list.id === id)?.name
  if (name === undefined) return null
  return (
    <span className="inline-flex max-w-full min-w-0 items-center gap-1">
      <ListIcon aria-hidden className="size-3.5 shrink-0" />
      <span className="sr-only">In the list</span>
      <span dir="auto" className="truncate">
        {name}
      </span>
    </span>
  )
}
