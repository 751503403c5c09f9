/** What a list may be called: the same rule that the database checks (db/schema/lists.ts). */

export const maxListNameLength = 100

export const isListName = (name: string) =>
  name === name.trim() && name !== '' && Array.from(name).length <= maxListNameLength
