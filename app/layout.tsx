import type { Metadata } from 'next'
import type { ReactNode } from 'react'
import { savedTheme } from './theme/saved-theme'
import './globals.css'

export const metadata: Metadata = {
  title: { default: 'Todos', template: '%s · Todos' },
  description: 'A todo app in which Postgres decides whose row it is.',
}

/** Of every page: the theme, but neither Clerk nor a user, which `(session)/layout.tsx` adds. */
export default async function RootLayout({ children }: { children: ReactNode }) {
  const theme = await savedTheme()
  return (
    <html lang="en" data-theme={theme === 'system' ? undefined : theme}>
      <body className="flex min-h-dvh flex-col">{children}</body>
    </html>
  )
}
