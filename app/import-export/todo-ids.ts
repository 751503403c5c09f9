/**
 * Ids for imported todos, made out of what is imported: the same file, imported twice, adds nothing the second
 * time.
 */
import type { FileTodo } from './read-file'

/**
 * Its own id where a todo has one, as in a file that this app has exported; else one made of its text. What the file
 * has more than once is told apart by how often.
 */
export async function idsFor(userId: string, todos: readonly FileTodo[]): Promise<string[]> {
  const seen = new Map<string, number>()
  return Promise.all(
    todos.map(async (todo) => {
      const content = todo.id ?? JSON.stringify([todo.task, todo.notes, todo.dueOn, todo.dueTime])
      const times = (seen.get(content) ?? 0) + 1
      seen.set(content, times)
      return todo.id !== null && times === 1 ? todo.id : idFrom(userId, `${content} ${times}`)
    }),
  )
}

/** An id of this user in place of one that another user's todo has: of a file that was passed on. */
export function idFrom(userId: string, id: string): Promise<string> {
  return uuidOf(`${userId}\n${id}`)
}

/** A UUID of version 8, “custom” (RFC 9562), from the first bits of a hash. */
async function uuidOf(text: string): Promise<string> {
  const hash = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))
  const bytes = new Uint8Array(hash).slice(0, 16)
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x80
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}
