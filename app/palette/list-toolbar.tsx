'use client'

import { EllipsisVerticalIcon, SearchIcon } from 'lucide-react'
import { useState } from 'react'
import { Button } from '@/app/components/ui/button'
import type { Layer } from './layers'
import { later } from '@/lib/later'

const ListMenu = later(() => import('./list-menu').then((part) => part.default))

type Props = {
  /** The page reacts; before that, the buttons look as dead as they are. */
  isLive: boolean
  onSearch: () => void
  onSelect: () => void
  onOpen: (layer: Layer) => void
}

/** Above the list: what concerns all of it. The palette has the same, and a key for each. */
export function ListToolbar({ isLive, onSearch, onSelect, onOpen }: Props) {
  const [menuButton, setMenuButton] = useState<HTMLElement | null>(null)
  return (
    <div className="mb-2 flex justify-end gap-1">
      <Button variant="ghost" className="px-3" disabled={!isLive} onClick={onSearch}>
        <SearchIcon aria-hidden />
        Search
      </Button>
      <Button
        variant="ghost"
        size="icon"
        disabled={!isLive}
        aria-label="More for this list"
        aria-haspopup="menu"
        onClick={({ currentTarget }) => {
          setMenuButton(currentTarget)
        }}
      >
        <EllipsisVerticalIcon aria-hidden />
      </Button>
      {menuButton && (
        <ListMenu
          button={menuButton}
          onSelect={onSelect}
          onOpen={onOpen}
          onClose={() => {
            setMenuButton(null)
          }}
        />
      )}
    </div>
  )
}
