'use client'

import { UserButton } from '@clerk/nextjs'

/** Clerk's menu of the account, with its place kept while Clerk loads. */
export function AccountButton() {
  return (
    <div className="ml-auto flex size-10 items-center justify-center">
      <UserButton fallback={<span className="size-8 animate-pulse rounded-full bg-muted" />} />
    </div>
  )
}
