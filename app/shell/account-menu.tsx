'use client'

import { CircleUserRoundIcon, LogOutIcon, SettingsIcon } from 'lucide-react'
import Link from 'next/link'
import { useId, useRef } from 'react'
import { Button, buttonClass } from '@/app/components/ui/button'
import { ThemeSwitch } from '@/app/theme/theme-switch'
import type { Theme } from '@/app/theme/theme'
import { useAccount, useSignOut } from '@/lib/auth/account'

/** Who is signed in, the theme, and the way out. It opens while Clerk is still loading. */
export function AccountMenu({ theme }: { theme: Theme }) {
  const id = useId()
  const menu = useRef<HTMLDivElement>(null)
  const account = useAccount()
  const signOut = useSignOut()

  return (
    <>
      <Button
        variant="ghost"
        size="icon"
        className="rounded-full"
        aria-label="Account menu"
        popoverTarget={id}
      >
        {account ? (
          <span
            aria-hidden
            className="grid size-8 place-content-center rounded-full bg-primary font-medium text-primary-foreground uppercase"
          >
            {Array.from(account.name)[0]}
          </span>
        ) : (
          <CircleUserRoundIcon aria-hidden className="size-6" />
        )}
      </Button>
      <div
        ref={menu}
        id={id}
        popover="auto"
        className="fixed inset-auto top-16 right-2 m-0 w-72 max-w-[calc(100vw-1rem)] rounded-xl border bg-popover p-2 text-popover-foreground shadow-xl"
      >
        {account && (
          <p className="px-3 py-2 text-sm wrap-anywhere">
            <span className="block font-medium">{account.name}</span>
            {account.email !== account.name && (
              <span className="text-muted-foreground">{account.email}</span>
            )}
          </p>
        )}
        <ThemeSwitch initial={theme} />
        <div className="mt-2 grid">
          <Link
            href="/account"
            className={buttonClass({ variant: 'ghost', className: 'justify-start px-3' })}
            onClick={() => menu.current?.hidePopover()}
          >
            <SettingsIcon aria-hidden /> Account
          </Link>
          <Button
            variant="ghost"
            className="justify-start px-3"
            disabled={signOut === null}
            onClick={() => void signOut?.('/')}
          >
            <LogOutIcon aria-hidden /> Sign out
          </Button>
        </div>
      </div>
    </>
  )
}
