import type { ReactNode } from 'react'
import { AuthProvider } from '@/lib/auth/provider'

/** Of the pages that load Clerk: all but the landing page. */
export default function SessionLayout({ children }: { children: ReactNode }) {
  return <AuthProvider>{children}</AuthProvider>
}
