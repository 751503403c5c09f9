/**
 * Checks what did not come from this page: entries and pages of a former visit, messages of another tab, and
 * live answers of the server. Loaded when there is something to check, because the checks are a tenth of the page's code.
 */
import * as z from 'zod/mini'
import { changedSchema, todoSchema } from './change'
import { entrySchema, type Entry } from './outbox/entry-schema'
import type { TodoPage } from './query'
import { placeSchema } from './query-schema'

const savedSchema = z.object({ entry: entrySchema, rows: z.array(changedSchema) })

/** What one tab tells the others, so that they need not ask the database. */
export type Saved = z.infer<typeof savedSchema>

const pageSchema = z.object({
  todos: z.array(todoSchema),
  next: z.nullable(placeSchema),
  counts: z.object({ active: z.number(), completed: z.number() }),
}) satisfies z.ZodMiniType<TodoPage>

/** The pages that this device keeps for a time without a connection. */
const pagesSchema = z.object({
  pages: z.array(pageSchema),
  pageParams: z.array(z.object({ after: z.nullable(placeSchema), size: z.number() })),
})

export type KeptPages = z.infer<typeof pagesSchema>

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

/** A live answer of the server. @throws if it is none */
export const parseLivePage = (data: string): TodoPage | null =>
  z.nullable(pageSchema).parse(JSON.parse(data))

export function parsePages(kept: unknown): KeptPages | null {
  return pagesSchema.safeParse(kept).data ?? null
}
