'use client'

import { useState } from 'react'
import { Select } from '@/app/components/ui/select'
import type { Member } from '@/db/queries/members'
import { useAccount } from '@/lib/auth/account'
import { Confirm } from './confirm'
import { Initial } from './initial'
import type { Perform } from './operations'
import { GIVEN_ROLES, roleNames } from './role'

type Props = {
  member: Member
  /** The user may decide about the list, says the database. */
  mayOwn: boolean
  act: Perform
  isBusy: boolean
}

/** A member with their role, or with the choice of what becomes of them. */
export function MemberRow({ member, mayOwn, act, isBusy }: Props) {
  const { listId, userId, role } = member
  const isMe = useAccount()?.id === userId
  const [asks, setAsks] = useState<'transfer' | 'remove' | null>(null)
  const name = member.name === '' ? 'a member without a name' : member.name

  function choose(choice: string) {
    const given = GIVEN_ROLES.find((one) => one === choice)
    if (given) void act('setRole', { listId, userId, role: given })
    else setAsks(choice === 'remove' ? 'remove' : 'transfer')
  }
  const stopAsking = () => {
    setAsks(null)
  }

  return (
    <li className="grid grid-cols-1 gap-3">
      <div className="flex min-h-12 flex-wrap items-center gap-3">
        <Initial name={name} />
        <p className="min-w-24 flex-1 truncate">
          <bdi>{name}</bdi>
          {isMe && <span className="text-muted-foreground"> (you)</span>}
        </p>
        {mayOwn && !isMe ? (
          <Select
            aria-label={`Role of ${name}`}
            value={role}
            disabled={isBusy}
            onChange={({ target }) => {
              choose(target.value)
            }}
          >
            {role === 'owner' && <option value="owner">{roleNames.owner}</option>}
            {GIVEN_ROLES.map((one) => (
              <option key={one} value={one}>
                {roleNames[one]}
              </option>
            ))}
            {role !== 'owner' && <option value="transfer">Make owner…</option>}
            <option value="remove">Remove…</option>
          </Select>
        ) : (
          <span className="px-3 text-sm text-muted-foreground">{roleNames[role]}</span>
        )}
      </div>
      {asks === 'transfer' && (
        <Confirm
          question={
            <>
              <bdi>{name}</bdi> becomes the owner, who alone shares, renames and deletes the list.
              You become an editor, and only the new owner can change that.
            </>
          }
          action={`Make ${name} the owner`}
          isBusy={isBusy}
          onConfirm={() => void act('transferOwnership', { listId, userId }).then(stopAsking)}
          onCancel={stopAsking}
        />
      )}
      {asks === 'remove' && (
        <Confirm
          question={
            <>
              <bdi>{name}</bdi> will no longer see this list; the todos that they added stay in it.
              Revoke a link that they know, or they can join again.
            </>
          }
          action={`Remove ${name}`}
          isBusy={isBusy}
          onConfirm={() => void act('removeMember', { listId, userId }).then(stopAsking)}
          onCancel={stopAsking}
        />
      )}
    </li>
  )
}
