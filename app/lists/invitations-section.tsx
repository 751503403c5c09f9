'use client'

import { MailIcon } from 'lucide-react'
import { useRef, useState, type SubmitEvent } from 'react'
import { Button } from '@/app/components/ui/button'
import { Input } from '@/app/components/ui/input'
import type { InvitedRole } from '@/db/schema/list-members'
import { roleNames } from './role'
import { RoleSelect } from './role-select'
import type { Perform } from './operations'
import { useAnswer } from './use-answer'

type Props = { listId: string; act: Perform; isBusy: boolean }

/** Invitations wait for a user who signs in with that address and has verified it. */
export function InvitationsSection({ listId, act, isBusy }: Props) {
  const { answer: invitations = [] } = useAnswer('invitations', { listId })
  const field = useRef<HTMLInputElement>(null)
  const [role, setRole] = useState<InvitedRole>('editor')

  async function submit(event: SubmitEvent) {
    event.preventDefault()
    const email = field.current?.value.trim() ?? ''
    if (email === '') return
    const result = await act('invite', { id: crypto.randomUUID(), listId, email, role })
    if (result.ok && field.current) field.current.value = ''
  }

  return (
    <section aria-labelledby="share-invitations" className="grid grid-cols-1 gap-2">
      <h3 id="share-invitations" className="text-sm font-semibold">
        By e-mail address
      </h3>
      <form className="flex flex-wrap gap-2" onSubmit={(event) => void submit(event)}>
        <Input
          ref={field}
          type="email"
          required
          maxLength={254}
          aria-label="E-mail address"
          placeholder="name@example.com"
          autoComplete="off"
          className="min-w-[min(10rem,100%)] flex-1"
        />
        <RoleSelect label="Role of the new member" value={role} onChange={setRole} />
        <Button type="submit" disabled={isBusy}>
          Invite
        </Button>
      </form>
      <p className="text-sm text-pretty text-muted-foreground">
        No e-mail is sent. The invitation is there once they sign in with this address, verified.
      </p>
      <ul role="list" className="grid grid-cols-1 gap-1">
        {invitations.map(({ id, email, role: given }) => (
          <li key={id} className="flex min-h-11 flex-wrap items-center gap-3">
            <MailIcon aria-hidden className="size-4 shrink-0 text-muted-foreground" />
            <p className="min-w-24 flex-1 truncate text-sm">
              <bdi>{email}</bdi>
              <span className="text-muted-foreground"> · {roleNames[given]} · waiting</span>
            </p>
            <Button
              variant="outline"
              aria-label={`Revoke the invitation of ${email}`}
              disabled={isBusy}
              onClick={() => void act('deleteInvitation', { id })}
            >
              Revoke
            </Button>
          </li>
        ))}
      </ul>
    </section>
  )
}
