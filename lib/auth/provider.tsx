/** What stands around every page, so that its parts know who is signed in. */
import { ClerkProvider } from '@clerk/nextjs'
import type { ReactNode } from 'react'
import { appearance } from './appearance'
import { SteadySession } from './steady-session'

export function AuthProvider({ children }: { children: ReactNode }) {
  return (
    // Dynamic: Clerk's scripts need the nonce of each response (content-security-policy.ts).
    <ClerkProvider dynamic appearance={appearance}>
      <SteadySession />
      {children}
    </ClerkProvider>
  )
}
