/** An entry of the outbox: one change on its way to the database, as it is kept over a reload. */
import * as z from 'zod/mini'
import { problems } from '@/lib/problem'
import { changeSchema } from '../change'

export const entrySchema = z.object({
  id: z.uuid(),
  /** The order of sending. */
  order: z.number(),
  change: changeSchema,
  /** The text of the changed todo when the change was made, for messages. */
  about: z.string(),
  /** Why it was not saved; null while it waits or is being sent. */
  problem: z.nullable(z.enum(problems)),
})

export type Entry = z.infer<typeof entrySchema>
