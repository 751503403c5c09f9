'use client'

import { PencilIcon, Trash2Icon } from 'lucide-react'
import { DropdownMenu } from 'radix-ui'
import { useState } from 'react'
import type { Todo } from '@/db/queries/todos'
import { cn } from '@/lib/cn'
import { menuEntries, type MenuEntry, type RowTools } from './row-features'

type Props = {
  todo: Todo
  /** The “⋯” button that was pressed. */
  button: HTMLElement
  mayEdit: boolean
  tools: RowTools
  onClose: () => void
}

const edit: MenuEntry = {
  label: 'Edit',
  icon: PencilIcon,
  onSelect: (todo, tools) => {
    tools.edit(todo)
  },
}

const remove: MenuEntry = {
  label: 'Delete',
  icon: Trash2Icon,
  isDestructive: true,
  onSelect: (todo, { act }) => {
    act({ type: 'delete', id: todo.id }, todo, `Deleted “${todo.task}”`)
  },
}

/** The menu of one row; the list has one at a time, loaded when it is first needed. */
export function RowMenu({ todo, button, mayEdit, tools, onClose }: Props) {
  const entries = [edit, ...menuEntries, remove].filter(
    ({ isReading = false, isFor }) => (mayEdit || isReading) && (isFor?.(todo, tools) ?? true),
  )
  const place = button.getBoundingClientRect()
  const [successor] = useState(() => findSuccessor(button))
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
          style={{ left: place.left, top: place.top, width: place.width, height: place.height }}
        />
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content
          align="end"
          collisionPadding={8}
          aria-label={`Actions for ${todo.task}`}
          className="z-50 max-h-(--radix-dropdown-menu-content-available-height) min-w-48 overflow-y-auto rounded-lg border bg-popover p-1 text-sm shadow-lg"
          onCloseAutoFocus={(event) => {
            // Back to the “⋯” button, or to that of the row in its place, unless the entry has moved the focus.
            event.preventDefault()
            if (document.activeElement === document.body) successor()?.focus()
          }}
        >
          {entries.map((entry) => (
            <Item key={entry.label} entry={entry} todo={todo} tools={tools} />
          ))}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  )
}

function findSuccessor(button: HTMLElement) {
  const row = button.closest('li')
  const list = row?.parentElement
  const index = list ? Array.from(list.children).indexOf(row) : 0
  return () => {
    if (button.isConnected) return button
    const buttons = [...(list?.querySelectorAll<HTMLElement>('[data-control=menu]') ?? [])]
    return buttons[Math.min(index, buttons.length - 1)]
  }
}

function Item({ entry, todo, tools }: { entry: MenuEntry; todo: Todo; tools: RowTools }) {
  const { icon: Icon, label, keys, isDestructive, onSelect } = entry
  return (
    <DropdownMenu.Item
      className={cn(
        'flex min-h-11 cursor-default items-center gap-3 rounded-md px-3 outline-none select-none data-highlighted:bg-accent data-highlighted:text-accent-foreground [&_svg]:size-4',
        isDestructive && 'text-destructive data-highlighted:text-destructive',
      )}
      onSelect={() => {
        onSelect(todo, tools)
      }}
    >
      <Icon aria-hidden />
      {label}
      {keys && <kbd className="ml-auto pl-6 text-muted-foreground">{keys}</kbd>}
    </DropdownMenu.Item>
  )
}
