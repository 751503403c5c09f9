'use client'

import { Command } from 'cmdk'
import { Dialog as DialogPrimitive } from 'radix-ui'
import { useRef, type ReactNode } from 'react'
import { ShortcutKeys } from '@/app/todos/keyboard/shortcut-keys'
import { shortcuts, type ShortcutId } from '@/app/todos/keyboard/shortcuts'

export type PaletteCommand = {
  label: string
  /** Where labels may be equal, as of lists. */
  id?: string
  group: string
  icon: ReactNode
  /** Whose keys are shown beside it. */
  shortcut?: ShortcutId
  run: () => void
}

type Props = { commands: readonly PaletteCommand[]; onClose: () => void }

export default function Palette({ commands, onClose }: Props) {
  const chosen = useRef<(() => void) | null>(null)
  const groups = [...new Set(commands.map(({ group }) => group))]
  return (
    <DialogPrimitive.Root
      open
      onOpenChange={(isOpen) => {
        if (!isOpen) onClose()
      }}
    >
      <DialogPrimitive.Portal>
        <DialogPrimitive.Overlay className="fixed inset-0 z-40 bg-black/40" />
        <DialogPrimitive.Content
          aria-describedby={undefined}
          onCloseAutoFocus={(event) => {
            // A command may move the focus, which otherwise goes back to where it was.
            if (chosen.current === null) return
            event.preventDefault()
            chosen.current()
          }}
          className="fixed inset-x-2 top-2 z-50 mx-auto max-h-[90dvh] max-w-lg overflow-hidden rounded-xl border bg-popover text-popover-foreground shadow-lg sm:top-[15vh]"
        >
          <DialogPrimitive.Title className="sr-only">Command palette</DialogPrimitive.Title>
          <Command label="Command palette" loop>
            <Command.Input
              placeholder="What do you want to do?"
              className="h-14 w-full border-b bg-transparent px-4 text-base outline-none placeholder:text-muted-foreground"
            />
            <Command.List className="max-h-[min(24rem,70dvh)] overflow-y-auto p-2">
              <Command.Empty className="px-3 py-8 text-center text-sm text-muted-foreground">
                There is no such command.
              </Command.Empty>
              {groups.map((group) => (
                <Command.Group
                  key={group}
                  heading={group}
                  className="text-sm [&_[cmdk-group-heading]]:px-3 [&_[cmdk-group-heading]]:py-2 [&_[cmdk-group-heading]]:text-muted-foreground"
                >
                  {commands
                    .filter((command) => command.group === group)
                    .map(({ id, label, icon, shortcut, run }) => (
                      <Command.Item
                        key={id ?? label}
                        value={id === undefined ? label : `${label} ${id}`}
                        onSelect={() => {
                          chosen.current = run
                          onClose()
                        }}
                        className="flex min-h-11 cursor-default items-center gap-3 rounded-md px-3 data-[selected=true]:bg-accent data-[selected=true]:text-accent-foreground forced-colors:data-[selected=true]:outline-2 [&>svg]:size-4 [&>svg]:shrink-0 [&>svg]:text-muted-foreground"
                      >
                        {icon}
                        <span dir="auto" className="flex-1">
                          {label}
                        </span>
                        {shortcut && <ShortcutKeys keys={shortcuts[shortcut].keys[0]} />}
                      </Command.Item>
                    ))}
                </Command.Group>
              ))}
            </Command.List>
          </Command>
        </DialogPrimitive.Content>
      </DialogPrimitive.Portal>
    </DialogPrimitive.Root>
  )
}
