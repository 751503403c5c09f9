import { ClerkProvider } from '@clerk/nextjs'
import type { Metadata, Viewport } from 'next'
import type { ReactNode } from 'react'
import { clerkAppearance } from './clerk-appearance'
import { SiteHeader } from './components/site-header'
import { SteadySession } from './components/steady-session'
import './globals.css'

export const metadata: Metadata = {
  title: { default: 'Todos', template: '%s · Todos' },
  description: 'A todo app in which Postgres decides whose row it is.',
}

export const viewport: Viewport = { colorScheme: 'light dark' }

export default function RootLayout({ children }: { children: ReactNode }) {
  return (
    <html lang="en">
      <body className="flex min-h-dvh flex-col">
        {/* Dynamic: Clerk's scripts need the nonce of each response (lib/content-security-policy.ts). */}
        <ClerkProvider dynamic appearance={clerkAppearance}>
          <SteadySession />
          <SiteHeader />
          {children}
        </ClerkProvider>
      </body>
    </html>
  )
}
