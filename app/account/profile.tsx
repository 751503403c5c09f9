'use client'

import { Button } from '@/app/components/ui/button'
import { useAccount, useOpenProfile } from '@/lib/auth/account'

/** Who is signed in, and the way to name, password and devices. */
export function Profile() {
  const account = useAccount()
  const openProfile = useOpenProfile()
  return (
    <div className="flex flex-wrap items-center justify-between gap-4">
      <p className="min-h-12 min-w-0 wrap-anywhere">
        <span className="block font-medium">{account?.name ?? 'Loading …'}</span>
        <span className="text-sm text-muted-foreground">{account?.email}</span>
      </p>
      <Button
        variant="outline"
        className="h-auto max-w-full py-2 whitespace-normal"
        disabled={openProfile === null}
        onClick={() => openProfile?.()}
      >
        Name, password and devices
      </Button>
    </div>
  )
}
