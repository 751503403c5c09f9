/** What a form says that was sent without JavaScript: the change, and the page that it is on. */
import { randomUUID } from 'node:crypto'
import { changeSchema, type Change } from './change'

/** A button's `value` is the whole change; the text box has the task of a new todo. */
export function changeOfForm(form: FormData): Change | null {
  const [task, listId, change] = [form.get('task'), form.get('listId'), form.get('change')]
  if (typeof task === 'string') {
    const add = {
      type: 'add',
      id: randomUUID(),
      listId: listId === '' ? null : listId,
      task: task.trim(),
    }
    return changeSchema.safeParse(add).data ?? null
  }
  return changeSchema.safeParse(parse(change)).data ?? null
}

/** Where to return to: a path of this page's own, never an address of somewhere else. */
export function hereOf(form: FormData): string {
  const here = form.get('here')
  return typeof here === 'string' && /^\/server(\/[\w-]+)*(\?filter=\w+)?$/.test(here)
    ? here
    : '/server'
}

function parse(text: FormDataEntryValue | null): unknown {
  try {
    return typeof text === 'string' ? JSON.parse(text) : null
  } catch {
    return null
  }
}
