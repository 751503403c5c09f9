import type { ReactNode } from 'react'
import { SkipLink } from '@/app/components/skip-link'
import { chosenPlace } from '@/app/shell/chosen-place'
import { Navigation } from '@/app/shell/navigation'
import { TopBar } from '@/app/shell/top-bar'

const CONTENT = 'content'

/** Of the pages for signed-in users: views and lists at the side, the account at the top. */
export default async function ShellLayout({ children }: { children: ReactNode }) {
  const chosen = await chosenPlace()
  return (
    <>
      <SkipLink to={CONTENT} />
      <div className="flex flex-1">
        <div className="sticky top-0 hidden h-dvh w-64 shrink-0 overflow-y-auto border-r bg-card md:block">
          <Navigation chosen={chosen} />
        </div>
        <div className="flex min-w-0 flex-1 flex-col">
          <TopBar chosen={chosen} />
          <div id={CONTENT} tabIndex={-1} className="flex flex-1 flex-col outline-none">
            {children}
          </div>
        </div>
      </div>
    </>
  )
}
