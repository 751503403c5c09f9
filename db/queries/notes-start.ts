/** Lists carry the beginning of notes only, or the notes of a long list would be more than one answer may hold. */

/** Characters, as Postgres and `Array.from` count them. */
export const NOTES_START = 100

export const startOf = (notes: string) => Array.from(notes).slice(0, NOTES_START).join('')

/** Whether a beginning is all there is. */
export const isWhole = (notesStart: string) => Array.from(notesStart).length < NOTES_START
