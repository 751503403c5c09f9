/**
 * Keeps unsaved text for this tab: it survives a reload, and the way to the sign-in page and back when a
 * session ends. If storage is full or forbidden, nothing is kept.
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
    // Storage failed, but the text is still in its box.
  }
}
