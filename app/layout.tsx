import type { Metadata, Viewport } from 'next'
import type { ReactNode } from 'react'
import { AuthProvider } from '@/lib/auth/provider'
import { SiteHeader } from './components/site-header'
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
        <AuthProvider>
          <SiteHeader />
          {children}
        </AuthProvider>
      </body>
    </html>
  )
}
