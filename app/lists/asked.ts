/** Which dialog about todos is open: menus and keys ask for it, and `TodoDialogs` shows it. */
import type { Todo } from '@/db/queries/todos'

type Asked = { readonly dialog: 'move' | 'report'; readonly todo: Todo }

let current: Asked | null = null
const listeners = new Set<() => void>()

export const asked = () => current

export function openDialog(next: Asked): void {
  set(next)
}

export function closeDialog(): void {
  set(null)
}

export function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

function set(next: Asked | null) {
  current = next
  for (const listener of listeners) listener()
}
