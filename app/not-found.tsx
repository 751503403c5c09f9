import type { Metadata } from 'next'
import Link from 'next/link'
import { CenteredMain } from './components/centered-main'
import { Button } from './components/ui/button'

export const metadata: Metadata = { title: 'Page not found' }

export default function NotFound() {
  return (
    <CenteredMain>
      <h1 className="text-2xl font-semibold">There is no such page</h1>
      <p className="mt-2 mb-6 text-muted-foreground">The address may be old or mistyped.</p>
      <Button asChild>
        <Link href="/">Go to the start page</Link>
      </Button>
    </CenteredMain>
  )
}
