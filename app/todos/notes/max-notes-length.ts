/** Characters; the table checks the same (db/schema/todos.ts). */
export const maxNotesLength = 10_000
