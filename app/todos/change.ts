/**
 * A change to the list, as data. The same value is shown immediately (show-change.ts), sent to the server,
 * validated there with this schema, and performed on the database (perform-change.ts).
 */
import { z } from 'zod'
import { isTask } from './task'

const id = z.uuid()
const task = z.string().refine(isTask)
const isComplete = z.boolean()

export const changeSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('add'), task }),
  z.object({ type: z.literal('rename'), id, task }),
  z.object({ type: z.literal('complete'), id, isComplete }),
  z.object({ type: z.literal('delete'), id }),
  z.object({ type: z.literal('complete-all'), isComplete }),
  z.object({ type: z.literal('clear-completed') }),
])

export type Change = z.infer<typeof changeSchema>
