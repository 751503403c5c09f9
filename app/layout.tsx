import type { Metadata, Viewport } from 'next'
import type { ReactNode } from 'react'
import './globals.css'

export const metadata: Metadata = {
  title: { default: 'Todos', template: '%s · Todos' },
  description: 'A todo app in which Postgres decides whose row it is.',
}

export const viewport: Viewport = { colorScheme: 'light dark' }

/** Of every page: knows neither Clerk nor a user. `(session)/layout.tsx` does. */
export default function RootLayout({ children }: { children: ReactNode }) {
  return (
    <html lang="en">
      <body className="flex min-h-dvh flex-col">{children}</body>
    </html>
  )
}
