'use client'

import { useEffect } from 'react'
import { useAnswer } from '@/app/lists/use-answer'
import type { View } from '@/db/queries/views'
import { listOf } from '@/app/todos/query'
import { useTodoSource, useTodoStore } from '@/app/todos/todos-provider'
import { failed } from '@/lib/problem'
import { whenIdle } from '@/lib/when-idle'
import { todosKey } from '@/app/todos/todo-store'
import type { CommandOptions } from './use-commands'
import { ExportDialog, ImportDialog, Palette, ShortcutHelp, type Layer } from './layers'

type Props = {
  layer: Layer | null
  view: View
  commands: CommandOptions
  onClose: () => void
}

/** What is open above a list: one thing at a time. */
export function ListLayers({ layer, view, commands, onClose }: Props) {
  // People type as soon as they have pressed the keys, and the page must not take that for shortcuts.
  useEffect(() => whenIdle(() => import('./list-palette')), [])

  switch (layer) {
    case null:
      return null
    case 'palette':
      return <Palette {...commands} onClose={onClose} />
    case 'help':
      return <ShortcutHelp onClose={onClose} />
    case 'import':
      return <Import view={view} onClose={onClose} />
    case 'export':
      return <Export onClose={onClose} />
  }
}

const PRIVATE_LIST = 'My todos'

const unreachable = () => Promise.resolve(failed('unreachable'))
/** For a page that shows what the device has kept. */
const nowhere = { loadWhole: unreachable, add: unreachable }

function Import({ view, onClose }: Pick<Props, 'view' | 'onClose'>) {
  const { userId, client } = useTodoStore()
  const { add } = useTodoSource() ?? nowhere
  const { answer } = useAnswer('lists', {})
  const editable = (answer ?? []).filter(({ mayEdit }) => mayEdit)
  const into = editable.find(({ id }) => id === listOf(view))
  return (
    <ImportDialog
      userId={userId}
      listId={into?.id ?? null}
      listName={into?.name ?? PRIVATE_LIST}
      editableLists={new Set(editable.map(({ id }) => id))}
      add={add}
      onAdded={() => void client.invalidateQueries({ queryKey: todosKey(userId) })}
      onClose={onClose}
    />
  )
}

function Export({ onClose }: Pick<Props, 'onClose'>) {
  const source = useTodoSource() ?? nowhere
  const { answer } = useAnswer('lists', {})
  const names = new Map<string | null, string>([[null, PRIVATE_LIST]])
  for (const { id, name } of answer ?? []) names.set(id, name)
  return <ExportDialog source={source} listNames={names} onClose={onClose} />
}
