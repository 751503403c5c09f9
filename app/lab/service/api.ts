/** What the lab's service is asked and answers, as schemas that are checked at both ends. */
import { z } from 'zod'

/** What can be missing in a world of the lab. */
export const LAYERS = ['gate', 'grants', 'policy', 'seal'] as const
export type Layer = (typeof LAYERS)[number]

const VARIANT_NAMES = [
  'as shipped',
  'gate off',
  'grants open',
  'policy loosened',
  'id in a setting',
] as const

/** The layers that are missing in each. The gate would keep a setting from being changed at all. */
export const VARIANTS: Record<(typeof VARIANT_NAMES)[number], readonly Layer[]> = {
  'as shipped': [],
  'gate off': ['gate'],
  'grants open': ['grants'],
  'policy loosened': ['policy'],
  'id in a setting': ['seal', 'gate'],
}

/** Tables with a planted mistake each, by number. */
export const EXERCISES = [1, 2, 3, 4, 5, 6] as const

const variant = z.union([
  z.enum(VARIANT_NAMES),
  z.templateLiteral(['exercise:', z.union(EXERCISES.map((n) => z.literal(n)))]),
])
export type Variant = z.infer<typeof variant>

/** `missing` adds to the layers that the variant leaves out, so that any of them can be combined. */
export const newWorld = z.object({
  variant,
  missing: z.array(z.enum(LAYERS)).max(LAYERS.length).default([]),
})
export type NewWorld = z.input<typeof newWorld>

const json = z.unknown()

/** A made-up user of the lab; the rows of a world belong to alice, bob and carol. */
const user = z.object({
  sub: z.string().min(1).max(200),
  claims: z.record(z.string().max(100), json).optional(),
  /** A moderator needs the claim that permits it, too. */
  role: z.enum(['authenticated', 'moderator']).optional(),
})
/** `null` is a request without a token, which runs as `anonymous`. */
const as = user.nullable()
export type As = z.infer<typeof as>

export const USERS = ['alice', 'bob', 'carol'] as const

const MAX_SQL = 20_000
const sql = z.string().min(1).max(MAX_SQL)
/** Parameters as text, as the wire protocol has them. */
const params = z.array(z.string().max(MAX_SQL).nullable()).max(100)

export const run = z.object({
  as,
  /** Several statements are a batch, in one transaction. */
  sql: z.union([sql, z.array(sql).min(1).max(20)]),
  /** Of a single statement. */
  params: params.optional(),
  /** Whether the answer has a trace. */
  trace: z.boolean().optional(),
  /** Undoes what the statements have written; such an answer has no trace. */
  rollback: z.boolean().optional(),
})
export type Run = z.infer<typeof run>

const result = z.object({
  command: z.string(),
  rowCount: z.number().nullable(),
  columns: z.array(z.string()),
  /** Values as Postgres writes them. */
  rows: z.array(z.array(z.string().nullable())),
})
export type Result = z.infer<typeof result>

/** Why a statement failed, in the proxy's words or in Postgres'. */
const failure = z.object({
  /** The proxy's own code, such as `statement_refused`; null where Postgres refused. */
  proxyCode: z.string().nullable(),
  /** SQLSTATE. */
  code: z.string().nullable(),
  message: z.string(),
  detail: z.string().optional(),
  hint: z.string().optional(),
})
export type Failure = z.infer<typeof failure>

export const outcome = z.object({
  /** HTTP's, of the proxy's answer; 200 or 400 for what was rolled back. */
  status: z.number(),
  ms: z.number(),
  /** One for each statement; empty where there is an error. */
  results: z.array(result),
  error: failure.nullable(),
  /** As the proxy writes it: see the room that draws it. */
  trace: json.optional(),
})
export type Outcome = z.infer<typeof outcome>

export const world = z.object({
  world: z.uuid(),
  variant: z.string(),
  missing: z.array(z.enum(LAYERS)),
  /** The world is dropped when nobody has used it for so long. */
  idleMs: z.number(),
  /** Longer statements are ended. */
  statementTimeoutMs: z.number(),
})
export type World = z.infer<typeof world>

const finding = z.object({
  check: z.string(),
  level: z.enum(['unsafe', 'weak']),
  what: z.string(),
  fix: z.string(),
  /** The object that it is about, such as `public.todos`. */
  about: z.string().optional(),
})
export type Finding = z.infer<typeof finding>

const policy = z.object({
  name: z.string(),
  command: z.enum(['select', 'insert', 'update', 'delete', 'all']),
  roles: z.array(z.string()),
  permissive: z.boolean(),
  using: z.string().nullable(),
  withCheck: z.string().nullable(),
  /** The policy as CREATE POLICY. */
  sql: z.string(),
  /** The same in words. */
  sentence: z.string(),
})
export type Policy = z.infer<typeof policy>

const grant = z.object({
  role: z.string(),
  privilege: z.string(),
  /** Null for all columns. */
  columns: z.array(z.string()).nullable(),
})
export type Grant = z.infer<typeof grant>

const table = z.object({
  name: z.string(),
  kind: z.enum(['table', 'view']),
  rowSecurity: z.boolean(),
  columns: z.array(z.object({ name: z.string(), type: z.string() })),
  policies: z.array(policy),
  grants: z.array(grant),
  findings: z.array(finding),
  /** The view's query; null for tables. */
  definition: z.string().nullable(),
})
export type Table = z.infer<typeof table>

export const catalog = z.object({
  /** What users reach in the schema `public`. */
  tables: z.array(table),
  /** Findings of `proxy:check` that are about none of the tables. */
  findings: z.array(finding),
})
export type Catalog = z.infer<typeof catalog>

/** The columns of a table that a user may read, give values to in an INSERT, and change. */
const columns = z.object({
  select: z.array(z.string()),
  insert: z.array(z.string()),
  update: z.array(z.string()),
})
export const names = z.object({
  tables: z.record(z.string(), columns),
  /** Functions of the schema `auth`, with their parentheses. */
  auth: z.array(z.string()),
})
export type Names = z.infer<typeof names>

export const trial = z.object({ as, sql, params: params.optional() })
export type Trial = z.infer<typeof trial>

/** A row of a table, and whether each condition holds for it; null is neither true nor false. */
const judged = z.object({
  values: z.array(z.string().nullable()),
  verdicts: z.array(z.boolean().nullable()),
})

/** What the policies of a table said about a statement: about the rows before it, and about those it wrote. */
const hearing = z.object({
  table: z.string(),
  columns: z.array(z.string()),
  before: z.object({
    /** Names of the policies whose USING was asked. */
    policies: z.array(z.object({ name: z.string(), command: z.string() })),
    rows: z.array(judged),
  }),
  after: z.object({
    /** Names of the policies whose WITH CHECK was asked. */
    policies: z.array(z.object({ name: z.string(), command: z.string() })),
    rows: z.array(judged),
  }),
  /** Whether rows were left out because there are so many. */
  isCut: z.boolean(),
})
export type Hearing = z.infer<typeof hearing>

/** The statement was rolled back, whatever came of it. */
export const tried = z.object({ outcome, hearings: z.array(hearing) })
export type Tried = z.infer<typeof tried>

/** What can be wrong with the table of an exercise, and what the lab can repair. */
export const MISTAKES = [
  'row-level security is off',
  'a policy is true for every row',
  'WITH CHECK is missing',
  'a policy reads its own table',
  'the user’s id can be null',
  'a view runs as its owner',
] as const
export const guess = z.object({ mistake: z.enum(MISTAKES) })
export type Mistake = z.infer<typeof guess>['mistake']

/** The exercise's own attack, before and after the repair that goes with the guess. */
export const checked = z.object({
  isFound: z.boolean(),
  /** The repair, as it ran. */
  repair: z.string(),
  attack: z.object({ as, sql: z.string() }),
  before: outcome,
  after: outcome,
})
export type Checked = z.infer<typeof checked>

/** What is done to a token after it was made, or instead of signing it with the issuer's key. */
export const TAMPERS = [
  'change the claims after signing',
  'change the signature',
  'leave the signature out',
  'sign with the public key as a secret',
  'sign with a key of my own',
  'send a key of my own along',
] as const

export const tokenOrder = z.object({
  /** Laid over the usual header; null takes a member away. */
  header: z.record(z.string(), json).optional(),
  /** Laid over the usual claims; null takes a claim away. */
  claims: z.record(z.string(), json).optional(),
  /** Seconds by which the issuer's clock is ahead of the proxy's. */
  clock: z.number().int().min(-100_000_000).max(100_000_000).optional(),
  tamper: z.enum(TAMPERS).optional(),
})
export type TokenOrder = z.infer<typeof tokenOrder>

export const made = z.object({
  token: z.string(),
  header: z.record(z.string(), json),
  claims: z.record(z.string(), json),
})
export type Made = z.infer<typeof made>

/** Answered with an `outcome` of `select auth.user_id()`, with its trace. */
export const verify = z.object({ token: z.string().min(1).max(20_000) })

/** Two forms of one policy on many rows, few of which are the user's. */
export const measurementOrder = z.object({
  rows: z.number().int().min(1_000).max(1_000_000).default(1_000_000),
})

const timed = z.object({
  policy: z.string(),
  /** Milliseconds of each run; empty until it is measured. */
  ms: z.array(z.number()),
  plan: z.array(z.string()),
})
export const measurement = z.object({
  measurement: z.uuid(),
  state: z.enum(['running', 'done', 'cancelled', 'failed']),
  /** What happens at the moment. */
  doing: z.string(),
  rowsMade: z.number(),
  rows: z.number(),
  /** How many of the rows are the user's. */
  rowsOfUser: z.number(),
  perRow: timed,
  once: timed,
})
export type Measurement = z.infer<typeof measurement>

/** What the service answers with a status of 400 and above. */
export const refusal = z.object({ error: z.string() })
