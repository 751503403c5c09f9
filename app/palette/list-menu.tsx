'use client'
/** The menu of the whole list. Loaded when it is first opened. */

import { DownloadIcon, KeyboardIcon, ListChecksIcon, UploadIcon } from 'lucide-react'
import { DropdownMenu } from 'radix-ui'
import { MenuItem } from '@/app/components/ui/menu'
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
  const { left, top, width, height } = button.getBoundingClientRect()
  return (
    <DropdownMenu.Root
      open
      modal={false}
      onOpenChange={(isOpen) => {
        if (!isOpen) onClose()
      }}
    >
      <DropdownMenu.Trigger asChild>
        <span
          aria-hidden
          className="pointer-events-none fixed"
          style={{ left, top, width, height }}
        />
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content
          align="end"
          collisionPadding={8}
          aria-label="More for this list"
          className="z-50 min-w-48 rounded-lg border bg-popover p-1 text-sm shadow-lg"
          onCloseAutoFocus={(event) => {
            event.preventDefault()
            if (document.activeElement === document.body) button.focus()
          }}
        >
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
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  )
}
