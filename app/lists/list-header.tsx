'use client'

import { UserPlusIcon, UsersIcon } from 'lucide-react'
import { useRouter } from 'next/navigation'
import { useEffect, useState } from 'react'
import { Button } from '@/app/components/ui/button'
import type { Place } from '@/app/shell/place'
import { useIsHydrated } from '@/app/todos/use-is-hydrated'
import type { ListDetails } from '@/db/queries/lists'
import { counted } from './counted'
import { roleNames } from './role'
import { later } from '@/lib/later'

const room = <span className="size-11" />
const ListActions = later(() => import('./list-actions').then((part) => part.ListActions), room)
const ShareList = later(() => import('./share-list').then((part) => part.ShareList))
const RenameList = later(() => import('./rename-list').then((part) => part.RenameList))
const LeaveList = later(() => import('./leave-list').then((part) => part.LeaveList))
const DeleteList = later(() => import('./delete-list').then((part) => part.DeleteList))

type Open = 'share' | 'rename' | 'leave' | 'delete' | null

/** A list's name, who is in it, and what the user may do with it: the database says what that is. */
export function ListHeader({ list, place }: { list: ListDetails; place: Place }) {
  const [open, setOpen] = useState<Open>(null)
  const router = useRouter()
  const isHydrated = useIsHydrated()
  const close = () => {
    setOpen(null)
  }
  const goHome = () => {
    router.push(`/${place}`)
  }

  useEffect(() => {
    // Where SQL runs in the browser, the server knows no name; and names change.
    document.title = `${list.name} · Todos`
  }, [list.name])

  return (
    <header className="mb-6 flex flex-wrap items-start gap-2">
      <div className="min-w-40 flex-1">
        <h1 dir="auto" className="text-2xl font-semibold tracking-tight wrap-anywhere">
          {list.name}
        </h1>
        <p className="mt-1 flex flex-wrap items-center gap-x-2 text-sm text-muted-foreground">
          <UsersIcon aria-hidden className="size-4" />
          {list.memberCount === 1 ? 'Only you' : counted(list.memberCount, 'member')}
          {!list.mayOwn && <span>· {roleNames[list.role]}</span>}
        </p>
      </div>
      <div className="flex gap-1">
        <Button
          variant="outline"
          onClick={() => {
            setOpen('share')
          }}
        >
          {list.mayOwn ? <UserPlusIcon aria-hidden /> : <UsersIcon aria-hidden />}
          {list.mayOwn ? 'Share' : 'Members'}
        </Button>
        {isHydrated ? <ListActions list={list} onChoose={setOpen} /> : room}
      </div>
      {open === 'share' && <ShareList list={list} onClose={close} />}
      {open === 'rename' && <RenameList list={list} onClose={close} />}
      {open === 'leave' && <LeaveList list={list} onClose={close} onDone={goHome} />}
      {open === 'delete' && <DeleteList list={list} onClose={close} onDone={goHome} />}
    </header>
  )
}
