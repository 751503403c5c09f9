'use client'

import { PencilIcon, Trash2Icon } from 'lucide-react'
import { useState } from 'react'
import { MenuItem, OpenMenu } from '@/app/components/ui/menu'
import type { Todo } from '@/db/queries/todos'
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
  const [successor] = useState(() => findSuccessor(button))
  return (
    <OpenMenu
      button={button}
      label={`Actions for ${todo.task}`}
      onClose={onClose}
      successor={successor}
    >
      {entries.map(({ icon: Icon, label, isDestructive, onSelect }) => (
        <MenuItem
          key={label}
          isDestructive={isDestructive}
          onSelect={() => {
            onSelect(todo, tools)
          }}
        >
          <Icon aria-hidden />
          {label}
        </MenuItem>
      ))}
    </OpenMenu>
  )
}

/** The “⋯” button, or that of the row that takes its place. */
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
