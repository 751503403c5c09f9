/** What a person searches for, as words: a todo is found if its text and notes have all of them. */
import { isWhole } from '@/db/queries/notes-start'
import { areSearchable } from '@/db/queries/search'

/** @returns null if it is more than the database searches for; no words for an empty text */
export function searchWords(text: string): string[] | null {
  const words = [
    ...new Set(text.normalize('NFC').replaceAll('\0', '').split(/\s+/).filter(Boolean)),
  ]
  return areSearchable(words) ? words : null
}

/**
 * As the database decides, for todos whose change it has not answered yet. Long notes, of which the beginning alone is
 * here, may have any word.
 */
export function hasWords(
  { task, notesStart }: { task: string; notesStart: string },
  words: readonly string[],
): boolean {
  const text = `${task}\n${notesStart}`.toLowerCase()
  return !isWhole(notesStart) || words.every((word) => text.includes(word.toLowerCase()))
}
