/** What a moderator decides about a reported todo, as data. */
import { z } from 'zod'

export const decisionSchema = z.object({
  type: z.enum(['hide', 'show', 'delete', 'dismiss']),
  /** Of the todo. */
  id: z.uuid(),
})

export type Decision = z.infer<typeof decisionSchema>
