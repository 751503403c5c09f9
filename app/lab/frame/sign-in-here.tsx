import type { ReactNode } from 'react'
import { PageLink } from '@/app/components/page-link'
import { buttonClass } from '@/app/components/ui/button'
import { DemoUsers } from '@/app/home/demo-users'
import { demoSignInPath } from '@/lib/auth/demo-sign-in'
import { pathOf, type RoomName } from '../rooms'

/** The way in for a visitor without a session, and back to this room. */
export function SignInHere({ room, children }: { room: RoomName; children: ReactNode }) {
  const demo = demoSignInPath()
  return (
    <section className="grid gap-3 rounded-xl border bg-card p-4 sm:p-5">
      <p className="text-pretty">{children}</p>
      <div className="flex flex-wrap gap-3">
        {demo !== undefined && <DemoUsers action={demo} to={pathOf(room)} />}
        <PageLink
          href={`/sign-in?redirect_url=${pathOf(room)}`}
          className={buttonClass({
            variant: demo === undefined ? 'primary' : 'outline',
            size: 'lg',
          })}
        >
          Sign in
        </PageLink>
      </div>
    </section>
  )
}
