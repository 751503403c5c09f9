'use client'

import { FolderInputIcon } from 'lucide-react'
import { Button } from '@/app/components/ui/button'
import { Menu, MenuItem } from '@/app/components/ui/menu'
import { failureMessage } from '@/app/lists/messages'
import { useHomes, type Home } from '@/app/lists/use-homes'
import type { Todo } from '@/db/queries/todos'

type Props = { todos: readonly Todo[]; onMove: (home: Home) => void }

/** The lists that all of the selected todos can be moved to. The database is asked when the menu opens. */
export function MoveMenu({ todos, onMove }: Props) {
  return (
    <Menu
      label="Move to"
      trigger={
        <Button variant="ghost" className="px-3" disabled={todos.length === 0}>
          <FolderInputIcon aria-hidden />
          Move
        </Button>
      }
    >
      <Homes todos={todos} onMove={onMove} />
    </Menu>
  )
}

function Homes({ todos, onMove }: Props) {
  const { homes, problem } = useHomes(todos)
  if (!homes) {
    return <MenuItem disabled>{problem ? failureMessage('homes', problem) : 'Loading…'}</MenuItem>
  }
  if (homes.length === 0) return <MenuItem disabled>There is no list for all of them.</MenuItem>
  return homes.map((home) => (
    <MenuItem
      key={home.id}
      onSelect={() => {
        onMove(home)
      }}
    >
      <span dir="auto">{home.name}</span>
    </MenuItem>
  ))
}
