/**
 * A request of Alice's as the stack answered it. e2e/lab-follow.spec.ts compares it with a new one, and writes that here
 * when it runs with RECORD=1.
 */
import { z } from 'zod'
import { trace } from '../trace/trace'
import json from './recorded.json'

export const recorded = z
  .object({
    sql: z.string(),
    answer: z
      .object({
        status: z.number(),
        ms: z.number(),
        columns: z.array(z.string()),
        rows: z.array(z.array(z.string().nullable())),
        signature: z.string(),
      })
      .transform((answer) => ({ ...answer, message: undefined })),
    trace,
  })
  .parse(json)
