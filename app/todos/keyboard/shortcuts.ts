/**
 * Every keyboard shortcut, once: the handlers and the help are made from this table. A shortcut never fires while
 * its keys belong to something else: a field, an input method, a dialog, a menu.
 */

type Shortcut = {
  /** As KeyboardEvent.key names them; `Mod` is Cmd or Ctrl. */
  keys: readonly string[]
  does: string
  /** `row`: for the todo that has the focus. `everywhere`: in fields, too. */
  scope: 'page' | 'row' | 'everywhere'
}

export const shortcuts = {
  palette: { keys: ['Mod+k'], does: 'Command palette', scope: 'everywhere' },
  new: { keys: ['n'], does: 'New todo', scope: 'page' },
  search: { keys: ['/'], does: 'Search', scope: 'page' },
  undo: { keys: ['Mod+z'], does: 'Undo', scope: 'page' },
  help: { keys: ['?'], does: 'This help', scope: 'page' },
  leave: { keys: ['Escape'], does: 'Leave the search, or release the selection', scope: 'page' },
  next: { keys: ['ArrowDown', 'j'], does: 'Next todo', scope: 'page' },
  previous: { keys: ['ArrowUp', 'k'], does: 'Previous todo', scope: 'page' },
  first: { keys: ['Home'], does: 'First todo', scope: 'row' },
  last: { keys: ['End'], does: 'Last todo', scope: 'row' },
  complete: { keys: [' '], does: 'Complete, or reopen', scope: 'row' },
  edit: { keys: ['e', 'F2'], does: 'Edit the text', scope: 'row' },
  details: { keys: ['Enter'], does: 'Notes and due date', scope: 'row' },
  delete: { keys: ['Delete', 'Backspace'], does: 'Delete', scope: 'row' },
  moveUp: { keys: ['Alt+ArrowUp'], does: 'Move up', scope: 'row' },
  moveDown: { keys: ['Alt+ArrowDown'], does: 'Move down', scope: 'row' },
  moveToTop: { keys: ['Alt+Home'], does: 'Move to the top', scope: 'row' },
  moveToBottom: { keys: ['Alt+End'], does: 'Move to the bottom', scope: 'row' },
  select: { keys: ['x'], does: 'Select, or release', scope: 'row' },
  selectDown: { keys: ['Shift+ArrowDown'], does: 'Select down to the next', scope: 'row' },
  selectUp: { keys: ['Shift+ArrowUp'], does: 'Select up to the previous', scope: 'row' },
  selectAll: { keys: ['Mod+a'], does: 'Select all', scope: 'row' },
} as const satisfies Record<string, Shortcut>

export type ShortcutId = keyof typeof shortcuts

export const shortcutIds = Object.keys(shortcuts) as ShortcutId[]

/** The needed part of a KeyboardEvent. */
export type Keys = Pick<
  KeyboardEvent,
  'key' | 'altKey' | 'ctrlKey' | 'metaKey' | 'shiftKey' | 'isComposing'
>

/** Where the keys were pressed. */
export type Place = {
  isField: boolean
  /** On a control that the key itself works, such as Space on a button. */
  isControl: boolean
  isInLayer: boolean
  isInRow: boolean
}

export function shortcutFor(event: Keys, place: Place): ShortcutId | null {
  // An input method sends its keys with no name in some browsers.
  if (event.isComposing || event.key === 'Process') return null
  const id = shortcutIds.find((each) => shortcuts[each].keys.some((keys) => matches(event, keys)))
  if (id === undefined) return null
  const { scope } = shortcuts[id]
  if (place.isInLayer) return null
  if (scope === 'everywhere') return id
  if (place.isField) return null
  if (scope === 'row' && !place.isInRow) return null
  return place.isControl && (event.key === ' ' || event.key === 'Enter') ? null : id
}

function matches(event: Keys, keys: string): boolean {
  const parts = keys.split('+')
  const key = parts.pop() ?? ''
  // Shift is part of how a character like ? is typed.
  const isCharacter = key.length === 1 && key !== ' '
  return (
    (isCharacter ? event.key.toLowerCase() : event.key) === key &&
    event.altKey === parts.includes('Alt') &&
    (event.metaKey || event.ctrlKey) === parts.includes('Mod') &&
    (event.shiftKey === parts.includes('Shift') || (isCharacter && /[^a-z]/.test(key)))
  )
}

const names: Partial<Record<string, string>> = {
  ' ': 'Space',
  ArrowDown: '↓',
  ArrowUp: '↑',
  Escape: 'Esc',
}

/** As they stand on the keyboard: `['⌘', 'K']`. */
export function keyNames(keys: string, isApple: boolean): string[] {
  return keys.split('+').map((key) => {
    if (key === 'Mod') return isApple ? '⌘' : 'Ctrl'
    if (key === 'Alt') return isApple ? '⌥' : 'Alt'
    return names[key] ?? (key.length === 1 ? key.toUpperCase() : key)
  })
}
