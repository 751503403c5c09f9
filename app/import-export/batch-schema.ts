/** What a server action accepts as a batch of an import. */
import * as z from 'zod/mini'
import { addedSchema } from '@/app/todos/change'

export const batchSchema = z.array(addedSchema).check(z.maxLength(500))
