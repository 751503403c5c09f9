'use client'

import dynamic from 'next/dynamic'
import { orNothing } from '@/lib/or-nothing'

/** What opens above a list. Each is loaded when it is first opened. */
export const Palette = dynamic(
  () => orNothing(import('./list-palette').then((part) => part.default)),
  { ssr: false },
)
export const ShortcutHelp = dynamic(
  () => orNothing(import('@/app/todos/keyboard/shortcut-help').then((part) => part.default)),
  {
    ssr: false,
  },
)
export const ImportDialog = dynamic(
  () => orNothing(import('@/app/import-export/import-dialog').then((part) => part.default)),
  {
    ssr: false,
  },
)
export const ExportDialog = dynamic(
  () => orNothing(import('@/app/import-export/export-dialog').then((part) => part.default)),
  {
    ssr: false,
  },
)

export type Layer = 'palette' | 'help' | 'import' | 'export'
