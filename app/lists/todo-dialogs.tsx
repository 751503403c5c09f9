'use client'

import dynamic from 'next/dynamic'
import { useSyncExternalStore } from 'react'
import { asked, closeDialog, subscribe } from './asked'

// Loaded when first opened.
const ReportTodo = dynamic(() => import('./report-todo').then((part) => part.ReportTodo))

/** The dialogs that the menu of a todo opens; a screen with todos has them once. */
export function TodoDialogs() {
  const open = useSyncExternalStore(subscribe, asked, () => null)
  return open && <ReportTodo todo={open.todo} onClose={closeDialog} />
}
