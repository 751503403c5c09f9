'use client'

import { DatabaseIcon } from 'lucide-react'
import dynamic from 'next/dynamic'
import { useState } from 'react'
import { Button } from '@/app/components/ui/button'

/** What is in it is loaded when it is opened for the first time. */
const SqlDrawer = dynamic(() => import('./sql-drawer').then((module) => module.SqlDrawer), {
  ssr: false,
})

export function SqlDrawerButton() {
  const [isOpen, setOpen] = useState(false)
  return (
    <>
      <Button
        variant="ghost"
        size="icon"
        className="size-11"
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
        <SqlDrawer
          onClose={() => {
            setOpen(false)
          }}
        />
      )}
    </>
  )
}
