'use client'

import dynamic from 'next/dynamic'

/** What opens above a list. Each is loaded when it is first opened. */
export const Palette = dynamic(() => import('./list-palette'), { ssr: false })
export const ShortcutHelp = dynamic(() => import('@/app/todos/keyboard/shortcut-help'), {
  ssr: false,
})
export const ImportDialog = dynamic(() => import('@/app/import-export/import-dialog'), {
  ssr: false,
})
export const ExportDialog = dynamic(() => import('@/app/import-export/export-dialog'), {
  ssr: false,
})

export type Layer = 'palette' | 'help' | 'import' | 'export'
