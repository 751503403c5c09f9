'use client'

import { CenteredMain } from './components/centered-main'
import { buttonClass } from './components/ui/button'
import './globals.css'

/** Replaces the root layout when that fails. Its link works without JavaScript. */
export default function GlobalError() {
  return (
    <html lang="en">
      <body className="flex min-h-dvh flex-col">
        <title>Something went wrong · Todos</title>
        <CenteredMain>
          <h1 className="text-2xl font-semibold">Something went wrong</h1>
          <p className="mt-2 mb-6 text-muted-foreground">What you saved is safe.</p>
          {/* A full page load, not a Link: what failed may be the code that is loaded. */}
          <a href="" className={buttonClass()}>
            Reload the page
          </a>
        </CenteredMain>
      </body>
    </html>
  )
}
