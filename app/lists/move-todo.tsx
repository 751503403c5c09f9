'use client'

import { InboxIcon, ListIcon } from 'lucide-react'
import type { ReactNode } from 'react'
import { Button } from '@/app/components/ui/button'
import { Dialog } from '@/app/components/ui/dialog'
import { Skeleton } from '@/app/components/ui/skeleton'
import { moveToList } from '@/app/todos/selection/move-to-list'
import { useAct } from '@/app/todos/use-act'
import type { Todo } from '@/db/queries/todos'
import { FailureNote } from './failure-note'
import { failureMessage } from './messages'
import { useHomes } from './use-homes'

type Props = { todo: Todo; onClose: () => void }

/** Offers the lists that the database lets a todo be moved to. */
export function MoveTodo({ todo, onClose }: Props) {
  const act = useAct()
  const { homes, problem } = useHomes([todo])
  return (
    <Dialog title={`Move “${todo.task}”`} onClose={onClose}>
      <FailureNote failure={problem && failureMessage('homes', problem)} />
      {!homes && problem === null && (
        <Skeleton role="status" aria-label="Loading" className="h-11" />
      )}
      <ul role="list" className="-mx-2 grid grid-cols-1">
        {homes?.map((home) => (
          <HomeButton
            key={home.id}
            icon={home.id === null ? <InboxIcon aria-hidden /> : <ListIcon aria-hidden />}
            onSelect={() => {
              moveToList(act, [todo], home)
              onClose()
            }}
          >
            {home.name}
          </HomeButton>
        ))}
      </ul>
      {homes?.length === 0 && (
        <p className="text-sm text-muted-foreground">
          There is no other list that this todo can be moved to.
        </p>
      )}
    </Dialog>
  )
}

type HomeProps = { icon: ReactNode; onSelect: () => void; children: string }

function HomeButton({ icon, onSelect, children }: HomeProps) {
  return (
    <li>
      <Button
        variant="ghost"
        className="h-auto min-h-11 w-full justify-start gap-3 px-3 py-2 text-left font-normal whitespace-normal text-foreground"
        onClick={onSelect}
      >
        {icon}
        <bdi className="min-w-0 wrap-anywhere">{children}</bdi>
      </Button>
    </li>
  )
}
