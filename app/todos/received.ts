/**
 * Checks what did not come from this page: entries of a former visit, and messages of another tab. Loaded when there
 * is something to check, because the checks are a tenth of the page's code.
 */
import * as z from 'zod/mini'
import { todoSchema } from './change'
import { entrySchema, type Entry } from './outbox/entry-schema'

const savedSchema = z.object({ entry: entrySchema, rows: z.array(todoSchema) })

/** What one tab tells the others, so that they need not ask the database. */
export type Saved = z.infer<typeof savedSchema>

export function parseEntry(text: string): Entry | null {
  try {
    return entrySchema.safeParse(JSON.parse(text)).data ?? null
  } catch {
    return null
  }
}

export function parseSaved(message: unknown): Saved | null {
  return savedSchema.safeParse(message).data ?? null
}
