import type { ReactNode } from 'react'
import { chosenPlace } from '@/app/shell/chosen-place'
import { Navigation } from '@/app/shell/navigation'
import { TopBar } from '@/app/shell/top-bar'

const CONTENT = 'content'

/** Of the pages for signed-in users: views and lists at the side, the account at the top. */
export default async function ShellLayout({ children }: { children: ReactNode }) {
  const chosen = await chosenPlace()
  return (
    <>
      <a
        href={`#${CONTENT}`}
        className="sr-only focus:not-sr-only focus:absolute focus:z-10 focus:m-2 focus:rounded-md focus:bg-primary focus:px-4 focus:py-3 focus:text-primary-foreground"
      >
        Skip to the content
      </a>
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
