/**
 * Keeps what was typed but not yet saved, for this tab: it outlives a reload, and the way to
 * the sign-in page and back when a session ends. Storage that is full or forbidden keeps nothing.
 */

export function readDraft(key: string): string {
  try {
    return sessionStorage.getItem(key) ?? ''
  } catch {
    return ''
  }
}

export function writeDraft(key: string, text: string): void {
  try {
    if (text) sessionStorage.setItem(key, text)
    else sessionStorage.removeItem(key)
  } catch {
    // The text is still in its box.
  }
}
