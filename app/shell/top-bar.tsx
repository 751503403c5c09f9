import { savedTheme } from '@/app/theme/saved-theme'
import { AccountMenu } from './account-menu'
import { Drawer } from './drawer'
import { Navigation } from './navigation'
import type { Place } from './place'
import { PlaceSwitch } from './place-switch'
import { SqlDrawerButton } from './sql/sql-drawer-button'

export async function TopBar({ chosen }: { chosen: Place }) {
  return (
    <header className="flex min-h-16 flex-wrap items-center gap-2 border-b bg-card px-2 py-1.5 sm:px-4">
      <Drawer label="Views and lists">
        <Navigation chosen={chosen} />
      </Drawer>
      <PlaceSwitch chosen={chosen} />
      <div className="ml-auto flex items-center gap-1">
        <SqlDrawerButton />
        <AccountMenu theme={await savedTheme()} />
      </div>
    </header>
  )
}
