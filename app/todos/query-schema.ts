/** The schemas of what a screen asks for. The browser loads them only to check what others have written. */
import * as z from 'zod/mini'
import { areSearchable } from '@/db/queries/search'
import type { Place, View } from '@/db/queries/views'
import { filters } from './filter'

export const day = z.string().check(z.regex(/^\d{4}-\d\d-\d\d$/))
export const time = z.string().check(z.regex(/^\d\d:\d\d(:\d\d)?$/))

/** No more than the database searches for. */
const words = z.readonly(z.array(z.string().check(z.minLength(1)))).check(z.refine(areSearchable))

export const viewSchema = z.discriminatedUnion('name', [
  z.object({ name: z.literal('mine') }),
  z.object({ name: z.literal('list'), listId: z.uuid() }),
  z.object({ name: z.literal('today'), day }),
  z.object({ name: z.literal('upcoming'), day }),
  z.object({ name: z.literal('completed') }),
  z.object({ name: z.literal('search'), words }),
]) satisfies z.ZodMiniType<View>

export const placeSchema = z.object({
  id: z.uuid(),
  position: z.string().check(z.maxLength(500)),
  dueOn: z.nullable(day),
  dueTime: z.nullable(time),
}) satisfies z.ZodMiniType<Place>

export const todoQuerySchema = z.object({ view: viewSchema, filter: z.enum(filters) })

export const pageRequestSchema = z.object({
  query: todoQuerySchema,
  /** The last todo of the page before; null for the first page. */
  after: z.nullable(placeSchema),
  size: z.int().check(z.positive(), z.maximum(1000)),
})

/** For the beginning of a list, up to its last loaded todo. Long lists are longer than any page. */
export const beginRequestSchema = z.object({
  query: todoQuerySchema,
  size: z.int().check(z.positive()),
})

export type TodoQuery = z.infer<typeof todoQuerySchema>
export type PageRequest = z.infer<typeof pageRequestSchema>
export type BeginRequest = z.infer<typeof beginRequestSchema>
