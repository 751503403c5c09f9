/** Reads the trace in an answer, and fails where its shape is another than documented. */
import { z } from 'zod'
import type { Posted } from './proxy'

export const TRACED = { headers: { 'proxy-trace': '1' } }

const command = z.enum(['select', 'insert', 'update', 'delete'])
const policy = z.strictObject({
  name: z.string(),
  command: z.union([command, z.literal('all')]),
  isPermissive: z.boolean(),
  using: z.string().nullable(),
  withCheck: z.string().nullable(),
})
const table = z.strictObject({
  schema: z.string(),
  name: z.string(),
  kind: z.enum(['table', 'view']),
  commands: z.array(command),
  reads: z.enum(['as user', 'as owner']),
  isRowSecurityOn: z.boolean(),
  policies: z.array(policy),
})
const record = z.record(z.string(), z.unknown())
const line = z.strictObject({ depth: z.number(), text: z.string() })

const step = z.strictObject({
  step: z.string(),
  ms: z.number(),
  refused: z.strictObject({ code: z.string(), sqlstate: z.string().optional() }).optional(),
  role: z.string().optional(),
  database: z.string().optional(),
  header: record.optional(),
  claims: record.optional(),
  checks: z
    .array(z.strictObject({ check: z.string(), ms: z.number(), passed: z.boolean() }))
    .optional(),
  statements: z
    .union([
      z.number(),
      z.array(
        z.union([
          z.strictObject({ tree: z.array(line) }),
          z.strictObject({ sql: z.string(), params: z.number() }),
        ]),
      ),
    ])
    .optional(),
  tables: z.array(table).optional(),
  userId: z.string().nullable().optional(),
  plans: z.array(z.array(z.string())).optional(),
  rows: z.number().optional(),
})

export type ReadStep = z.infer<typeof step>

export function traceOf({ json }: Pick<Posted, 'json'>) {
  const steps = z.array(step).parse(json.trace)
  const byName: Partial<Record<string, ReadStep>> = Object.fromEntries(
    steps.map((each) => [each.step, each]),
  )
  return { steps, byName, refusedAt: steps.find(({ refused }) => refused !== undefined)?.step }
}
