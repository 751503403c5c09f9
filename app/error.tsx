'use client'

import { CenteredMain } from './components/centered-main'
import { Button } from './components/ui/button'

export default function ErrorPage({ retry }: { retry: () => void }) {
  return (
    <CenteredMain>
      <div role="alert">
        <h1 className="text-2xl font-semibold">Something went wrong</h1>
        <p className="mt-2 mb-6 text-muted-foreground">
          What you saved is safe. Try again; if that does not help, come back a little later.
        </p>
      </div>
      <Button onClick={retry}>Try again</Button>
    </CenteredMain>
  )
}
