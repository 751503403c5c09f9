/** What a person searches for, as words: a todo is found if its text and notes have all of them. */
import { areSearchable } from '@/db/queries/search'

/** @returns null if it is more than the database searches for; no words for an empty text */
export function searchWords(text: string): string[] | null {
  const words = [
    ...new Set(text.normalize('NFC').replaceAll('\0', '').split(/\s+/).filter(Boolean)),
  ]
  return areSearchable(words) ? words : null
}

/** As the database decides, for todos whose change it has not answered yet. */
export function hasWords(todo: { task: string; notes: string }, words: readonly string[]): boolean {
  const text = `${todo.task}\n${todo.notes}`.toLowerCase()
  return words.every((word) => text.includes(word.toLowerCase()))
}
