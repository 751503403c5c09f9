import type { ReactNode } from 'react'
import { SkipLink } from '@/app/components/skip-link'
import { AuthProvider } from '@/lib/auth/provider'
import { LabHeader } from './frame/lab-header'
import { RoomLinks } from './frame/room-links'
import './lab.css'

const CONTENT = 'content'

/** Of every room: the way to the others at the side, and who is signed in at the top. */
export default function LabLayout({ children }: { children: ReactNode }) {
  return (
    <AuthProvider>
      <SkipLink to={CONTENT} />
      <LabHeader />
      <div className="flex flex-1">
        <div className="hidden w-60 shrink-0 border-r bg-card md:block">
          <div className="sticky top-0">
            <RoomLinks />
          </div>
        </div>
        <div id={CONTENT} tabIndex={-1} className="flex min-w-0 flex-1 flex-col outline-none">
          {children}
        </div>
      </div>
    </AuthProvider>
  )
}
