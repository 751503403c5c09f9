'use client'

import { LinkIcon } from 'lucide-react'
import { useState } from 'react'
import { Button } from '@/app/components/ui/button'
import { CopyField } from './copy-field'
import type { InvitedRole } from '@/db/schema/list-members'
import { GIVEN_ROLES, roleNames } from './role'
import { hashLinkSecret, newLinkSecret } from '@/db/queries/link-secret'
import { joinAddress } from './join-address'
import type { Perform } from './operations'
import { useAnswer } from './use-answer'

type Props = { listId: string; act: Perform; isBusy: boolean }

/** One link for each role. Its address is known only here, right after it was made. */
export function LinksSection({ listId, act, isBusy }: Props) {
  const { answer: links } = useAnswer('links', { listId })
  const [made, setMade] = useState<{ id: string; address: string } | null>(null)

  async function create(role: InvitedRole) {
    const id = crypto.randomUUID()
    const secret = newLinkSecret()
    const result = await act('createLink', {
      id,
      listId,
      role,
      secretHash: await hashLinkSecret(secret),
    })
    if (result.ok) setMade({ id, address: joinAddress(location.origin, listId, secret) })
  }

  return (
    <section aria-labelledby="share-links" className="grid grid-cols-1 gap-2">
      <h3 id="share-links" className="text-sm font-semibold">
        By link
      </h3>
      <ul role="list" className="grid grid-cols-1 gap-2">
        {GIVEN_ROLES.map((role) => {
          const link = links?.find((one) => one.role === role)
          return (
            <li key={role} className="grid grid-cols-1 gap-2">
              <div className="flex min-h-11 flex-wrap items-center gap-3">
                <LinkIcon aria-hidden className="size-4 shrink-0 text-muted-foreground" />
                <p className="min-w-24 flex-1 text-sm">
                  {roleNames[role]}
                  {link && <span className="text-muted-foreground"> · the link works</span>}
                </p>
                {link ? (
                  <Button
                    variant="outline"
                    aria-label={`Revoke the link: ${roleNames[role]}`}
                    disabled={isBusy}
                    onClick={() => void act('revokeLink', { id: link.id })}
                  >
                    Revoke
                  </Button>
                ) : (
                  <Button
                    variant="outline"
                    aria-label={`Create link: ${roleNames[role]}`}
                    disabled={isBusy || !links}
                    onClick={() => void create(role)}
                  >
                    Create link
                  </Button>
                )}
              </div>
              {link && made?.id === link.id && (
                <CopyField label={`Link: ${roleNames[role]}`} text={made.address}>
                  Copy it now. It is not shown again, because the database keeps only its hash.
                </CopyField>
              )}
            </li>
          )
        })}
      </ul>
    </section>
  )
}
