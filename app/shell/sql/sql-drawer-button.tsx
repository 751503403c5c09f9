'use client'

import { DatabaseIcon } from 'lucide-react'
import { useState } from 'react'
import { Button } from '@/app/components/ui/button'
import { later } from '@/lib/later'

const SqlDrawer = later(() => import('./sql-drawer').then((part) => part.SqlDrawer))

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
        <SqlDrawer
          onClose={() => {
            setOpen(false)
          }}
        />
      )}
    </>
  )
}
