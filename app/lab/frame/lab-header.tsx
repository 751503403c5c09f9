import { Logo } from '@/app/components/logo'
import { PageLink } from '@/app/components/page-link'
import { buttonClass } from '@/app/components/ui/button'
import { AccountMenu } from '@/app/shell/account-menu'
import { Drawer } from '@/app/shell/drawer'
import { savedTheme } from '@/app/theme/saved-theme'
import { currentSession } from '@/lib/auth/session'
import { RoomLinks } from './room-links'

export async function LabHeader() {
  const session = await currentSession()
  return (
    <header className="flex min-h-16 flex-wrap items-center gap-2 border-b bg-card px-2 py-1.5 sm:px-4">
      <Drawer label="Rooms">
        <RoomLinks />
      </Drawer>
      <PageLink
        href="/"
        className="flex min-h-11 items-center gap-2 rounded-md px-2 font-semibold hover:bg-accent"
      >
        <Logo className="size-6" />
        Todos
      </PageLink>
      <div className="ml-auto flex items-center gap-1">
        {session === null ? (
          <PageLink
            href="/sign-in?redirect_url=/lab"
            className={buttonClass({ variant: 'outline' })}
          >
            Sign in
          </PageLink>
        ) : (
          <AccountMenu theme={await savedTheme()} />
        )}
      </div>
    </header>
  )
}
