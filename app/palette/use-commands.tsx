'use client'
/** Everything that the palette can do on a list's page. */
import {
  CalendarDaysIcon,
  CircleCheckBigIcon,
  DownloadIcon,
  InboxIcon,
  KeyboardIcon,
  ListChecksIcon,
  ListIcon,
  PlusIcon,
  SearchIcon,
  SunIcon,
  UndoIcon,
  UploadIcon,
} from 'lucide-react'
import { usePathname, useRouter } from 'next/navigation'
import { useAnswer } from '@/app/lists/use-answer'
import { placeOf } from '@/app/shell/place'
import { useTodoStore } from '@/app/todos/todos-provider'
import type { Layer } from './layers'
import type { PaletteCommand } from './palette'

export type CommandOptions = {
  onNew: () => void
  onSearch: () => void
  onSelect: () => void
  onOpen: (layer: Layer) => void
}

export function useCommands({
  onNew,
  onSearch,
  onSelect,
  onOpen,
}: CommandOptions): PaletteCommand[] {
  const router = useRouter()
  const place = placeOf(usePathname()) ?? 'server'
  const { undo } = useTodoStore()
  const { answer: lists } = useAnswer('lists', {})
  const goTo = (path: string) => () => {
    router.push(`/${place}${path}`)
  }
  const open = (layer: Layer) => () => {
    onOpen(layer)
  }

  return [
    { group: 'Todos', label: 'New todo', icon: <PlusIcon />, shortcut: 'new', run: onNew },
    { group: 'Todos', label: 'Search', icon: <SearchIcon />, shortcut: 'search', run: onSearch },
    { group: 'Todos', label: 'Select todos', icon: <ListChecksIcon />, run: onSelect },
    {
      group: 'Todos',
      label: 'Undo',
      icon: <UndoIcon />,
      shortcut: 'undo',
      run: () => void undo.undo(),
    },
    { group: 'Go to', label: 'My todos', icon: <InboxIcon />, run: goTo('') },
    { group: 'Go to', label: 'Today', icon: <SunIcon />, run: goTo('/today') },
    { group: 'Go to', label: 'Upcoming', icon: <CalendarDaysIcon />, run: goTo('/upcoming') },
    { group: 'Go to', label: 'Completed', icon: <CircleCheckBigIcon />, run: goTo('/completed') },
    ...(lists ?? []).map(({ id, name }) => ({
      group: 'Lists',
      label: name,
      id,
      icon: <ListIcon />,
      run: goTo(`/lists/${id}`),
    })),
    { group: 'Data', label: 'Import todos…', icon: <UploadIcon />, run: open('import') },
    { group: 'Data', label: 'Export todos…', icon: <DownloadIcon />, run: open('export') },
    {
      group: 'Help',
      label: 'Keyboard shortcuts',
      icon: <KeyboardIcon />,
      shortcut: 'help',
      run: open('help'),
    },
  ]
}
