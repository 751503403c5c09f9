/** The trace of a request, as the SQL proxy writes it (proxy/README.md, Traces). */
import { z } from 'zod'

const command = z.enum(['select', 'insert', 'update', 'delete'])
const record = z.record(z.string(), z.unknown())

const policy = z.object({
  name: z.string(),
  command: z.union([command, z.literal('all')]),
  isPermissive: z.boolean(),
  using: z.string().nullable(),
  withCheck: z.string().nullable(),
})
export type TracedPolicy = z.infer<typeof policy>

const table = z.object({
  schema: z.string(),
  name: z.string(),
  kind: z.enum(['table', 'view']),
  commands: z.array(command),
  reads: z.enum(['as user', 'as owner']),
  isRowSecurityOn: z.boolean(),
  policies: z.array(policy),
})
export type TracedTable = z.infer<typeof table>

const check = z.object({ check: z.string(), ms: z.number(), passed: z.boolean() })
const line = z.object({ depth: z.number(), text: z.string() })

const common = {
  ms: z.number(),
  refused: z.object({ code: z.string(), sqlstate: z.string().optional() }).optional(),
}
const step = <N extends string, S extends z.ZodRawShape>(name: N, seen: S) =>
  z.object({ step: z.literal(name), ...common, ...seen })

/** What a step that was refused would have seen is not there. */
const steps = z.discriminatedUnion('step', [
  step('request', { role: z.string().optional(), database: z.string().optional() }),
  step('token', { header: record.optional(), claims: record.optional() }),
  step('checks', { checks: z.array(check).default([]) }),
  step('limits', {}),
  step('body', { statements: z.number().optional() }),
  step('gate', { statements: z.array(z.object({ tree: z.array(line) })).default([]) }),
  step('pool', {}),
  step('policies', { tables: z.array(table).default([]) }),
  step('identity', { role: z.string().optional(), userId: z.string().nullable().optional() }),
  step('plan', { plans: z.array(z.array(z.string())).default([]) }),
  step('postgres', {
    statements: z.array(z.object({ sql: z.string(), params: z.number() })).default([]),
  }),
  step('answer', { rows: z.number().optional() }),
])
export type TraceStep = z.infer<typeof steps>
export type StepName = TraceStep['step']

export const trace = z.array(steps)
export type Trace = z.infer<typeof trace>
