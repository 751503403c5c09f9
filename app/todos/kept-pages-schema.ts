/** The pages that a device keeps, as they are read back. */
import * as z from 'zod/mini'
import { todoSchema } from './change'
import { placeSchema } from './query-schema'

export const pagesSchema = z.object({
  pages: z.array(
    z.object({
      todos: z.array(todoSchema),
      next: z.nullable(placeSchema),
      counts: z.object({ active: z.number(), completed: z.number() }),
    }),
  ),
  pageParams: z.array(z.object({ after: z.nullable(placeSchema), size: z.number() })),
})

export type KeptPages = z.infer<typeof pagesSchema>
