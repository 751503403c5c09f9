'use client'
/** The menu of the whole list. Loaded when it is first opened. */

import { DownloadIcon, KeyboardIcon, ListChecksIcon, UploadIcon } from 'lucide-react'
import { MenuItem, OpenMenu } from '@/app/components/ui/menu'
import type { Layer } from './layers'

type Props = {
  /** The button that was pressed. */
  button: HTMLElement
  onSelect: () => void
  onOpen: (layer: Layer) => void
  onClose: () => void
}

const layers = [
  { layer: 'import', label: 'Import…', icon: <UploadIcon aria-hidden /> },
  { layer: 'export', label: 'Export…', icon: <DownloadIcon aria-hidden /> },
  { layer: 'help', label: 'Keyboard shortcuts', icon: <KeyboardIcon aria-hidden /> },
] as const

export default function ListMenu({ button, onSelect, onOpen, onClose }: Props) {
  return (
    <OpenMenu button={button} label="More for this list" onClose={onClose}>
      <MenuItem onSelect={onSelect}>
        <ListChecksIcon aria-hidden /> Select todos
      </MenuItem>
      {layers.map(({ layer, label, icon }) => (
        <MenuItem
          key={layer}
          onSelect={() => {
            onOpen(layer)
          }}
        >
          {icon} {label}
        </MenuItem>
      ))}
    </OpenMenu>
  )
}
