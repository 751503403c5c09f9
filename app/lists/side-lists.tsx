'use client'

import { FlagIcon, ListIcon, UsersIcon } from 'lucide-react'
import type { Place } from '@/app/shell/place'
import { SideLink } from '@/app/shell/side-link'
import { MyInvitations } from './my-invitations'
import { NewList } from './new-list'
import { useAnswer } from './use-answer'

/** The lists that the user is a member of: name, whether others are in it, and how many todos are open. */
export function SideLists({ place }: { place: Place }) {
  const { answer: lists, problem } = useAnswer('lists', {}, { place })
  const { answer: notices } = useAnswer('notices', {}, { place })
  return (
    <>
      <MyInvitations invitations={notices?.invitations ?? []} place={place} />
      <nav aria-label="Lists" className="grid gap-0.5">
        <p aria-hidden className="px-3 pb-1 text-xs font-semibold text-muted-foreground">
          Lists
        </p>
        <ul role="list" className="grid gap-0.5">
          {lists?.map(({ id, name, active, memberCount }) => (
            <li key={id}>
              <SideLink
                href={`/${place}/lists/${id}`}
                icon={<ListIcon aria-hidden />}
                end={
                  <>
                    {memberCount > 1 && <UsersIcon aria-hidden />}
                    <span aria-hidden className="min-w-5 text-right tabular-nums">
                      {active > 0 && active}
                    </span>
                    <span className="sr-only">
                      {memberCount > 1 && ', shared'}, {active} open
                    </span>
                  </>
                }
              >
                {name}
              </SideLink>
            </li>
          ))}
        </ul>
        {problem !== null && !lists && (
          <p className="px-3 py-2 text-sm text-muted-foreground">Your lists could not be loaded.</p>
        )}
        <NewList place={place} />
      </nav>
      {notices?.mayModerate && (
        <nav aria-label="Moderation">
          <SideLink href="/moderate" icon={<FlagIcon aria-hidden />}>
            Reported todos
          </SideLink>
        </nav>
      )}
    </>
  )
}
