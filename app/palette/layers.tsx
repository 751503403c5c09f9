'use client'
/** What opens above a list. Each is loaded when it is first opened. */
import { later } from '@/lib/later'

export const Palette = later(() => import('./list-palette').then((part) => part.default))
export const ShortcutHelp = later(() =>
  import('@/app/todos/keyboard/shortcut-help').then((part) => part.default),
)
export const ImportDialog = later(() =>
  import('@/app/import-export/import-dialog').then((part) => part.default),
)
export const ExportDialog = later(() =>
  import('@/app/import-export/export-dialog').then((part) => part.default),
)

export type Layer = 'palette' | 'help' | 'import' | 'export'
