/**
 * Keeps unsaved text for this tab: it survives a reload, and the way to the sign-in page and back when a
 * session ends. If storage is full or forbidden, nothing is kept, and the text is still in its box.
 *
 * Keyed by user, because the next user in this tab must not see it.
 */

/** The text of a todo in its editor. One at a time is open. */
export type EditDraft = { id: string; text: string }

export function readDraft(userId: string): string {
  return read(`new-todo:${userId}`) ?? ''
}

export function writeDraft(userId: string, text: string): void {
  write(`new-todo:${userId}`, text)
}

export function readEditDraft(userId: string): EditDraft | null {
  const [id, ...text] = (read(`edit-todo:${userId}`) ?? '').split(' ')
  return id ? { id, text: text.join(' ') } : null
}

export function writeEditDraft(userId: string, draft: EditDraft | null): void {
  write(`edit-todo:${userId}`, draft ? `${draft.id} ${draft.text}` : '')
}

function read(key: string): string | null {
  try {
    return sessionStorage.getItem(key)
  } catch {
    return null
  }
}

function write(key: string, text: string): void {
  try {
    if (text) sessionStorage.setItem(key, text)
    else sessionStorage.removeItem(key)
  } catch {
    // Nothing is kept.
  }
}
