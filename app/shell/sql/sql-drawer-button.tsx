'use client'

import { DatabaseIcon } from 'lucide-react'
import { lazy, Suspense, useState } from 'react'
import { Button } from '@/app/components/ui/button'
import { orNothing } from '@/lib/or-nothing'

/** What is in it is loaded when it is opened for the first time. */
const SqlDrawer = lazy(async () => ({
  default: await orNothing(import('./sql-drawer').then((part) => part.SqlDrawer)),
}))

export function SqlDrawerButton() {
  const [isOpen, setOpen] = useState(false)
  return (
    <>
      <Button
        variant="ghost"
        size="icon"
        aria-label="SQL of the last action"
        aria-expanded={isOpen}
        title="SQL of the last action"
        onClick={() => {
          setOpen(!isOpen)
        }}
      >
        <DatabaseIcon aria-hidden />
      </Button>
      {isOpen && (
        <Suspense fallback={null}>
          <SqlDrawer
            onClose={() => {
              setOpen(false)
            }}
          />
        </Suspense>
      )}
    </>
  )
}
