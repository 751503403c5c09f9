'use client'

import { useSyncExternalStore } from 'react'
import { asked, closeDialog, subscribe } from './asked'
import { later } from '@/lib/later'

// Loaded when first opened.
const MoveTodo = later(() => import('./move-todo').then((part) => part.MoveTodo))
const ReportTodo = later(() => import('./report-todo').then((part) => part.ReportTodo))

/** The dialogs that the menu of a todo opens; a screen with todos has them once. */
export function TodoDialogs() {
  const open = useSyncExternalStore(subscribe, asked, () => null)
  if (!open) return null
  const Dialog = open.dialog === 'move' ? MoveTodo : ReportTodo
  return <Dialog todo={open.todo} onClose={closeDialog} />
}
