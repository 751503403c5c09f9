/**
 * Asks each policy of a table about each row: before a statement, and about the rows that it would write. All of it
 * happens in transactions that are rolled back.
 *
 * The owner of the scratch database takes the policies out of the way and then becomes the user, so that each
 * condition is evaluated as Postgres would, with the user's identity and rights, on rows that the user does not see.
 */
import { Client, escapeIdentifier } from 'pg'
import { z } from 'zod'
import { sealClaims } from '../../../proxy/src/auth/seal'
import { parseSessionKey } from '../../../proxy/src/auth/session-key'
import { commandOn } from '../../shell/sql/applied-policies'
import type { As, Hearing, Trial } from './api'
import { roleOf, STATEMENT_TIMEOUT_MS, type World } from './world'

const MOST_ROWS = 40
const LIFETIME_S = 60

const policy = z.object({
  table: z.string(),
  name: z.string(),
  command: z.enum(['r', 'a', 'w', 'd', '*']),
  using: z.string().nullable(),
  check: z.string().nullable(),
})
type Policy = z.infer<typeof policy>

type Command = 'select' | 'insert' | 'update' | 'delete'
const LETTER = { select: 'r', insert: 'a', update: 'w', delete: 'd' } as const
const WORD = { r: 'select', a: 'insert', w: 'update', d: 'delete', '*': 'all' } as const

/** @returns a hearing for each table under row-level security that the statement names */
export async function hear(
  { scratch }: World,
  { as, sql, params = [] }: Trial,
): Promise<Hearing[]> {
  const client = new Client({
    connectionString: scratch.ownerUrl,
    statement_timeout: STATEMENT_TIMEOUT_MS,
    types: { getTypeParser: () => (value: string) => value },
  })
  client.on('error', () => undefined)
  await client.connect()
  try {
    const witness = new Witness(client, scratch.sessionKey, as)
    const hearings: Hearing[] = []
    for (const [table, policies] of await policiesOf(client, witness.role)) {
      const command = commandOn(table, sql)
      if (command === undefined) continue
      hearings.push(await witness.hear(table, policies, command, { sql, params }))
    }
    return hearings
  } finally {
    await client.end().catch(() => undefined)
  }
}

async function policiesOf(client: Client, role: string): Promise<Map<string, Policy[]>> {
  const { rows } = await client.query(
    `select c.relname as table, p.polname as name, p.polcmd::text as command,
       pg_get_expr(p.polqual, p.polrelid) as using, pg_get_expr(p.polwithcheck, p.polrelid) as check
     from pg_policy as p join pg_class as c on c.oid = p.polrelid
     where c.relnamespace = 'public'::regnamespace and c.relrowsecurity
       and (0 = any (p.polroles) or $1::regrole = any (p.polroles))
     order by 1, array_position('{r,a,w,d,*}', p.polcmd), 2`,
    [role],
  )
  const byTable = new Map<string, Policy[]>()
  for (const each of z.array(policy).parse(rows)) {
    byTable.set(each.table, [...(byTable.get(each.table) ?? []), each])
  }
  return byTable
}

class Witness {
  readonly role: string
  readonly #client: Client
  readonly #sealed: string

  constructor(client: Client, sessionKey: string, as: As) {
    this.#client = client
    this.role = roleOf(as)
    const exp = Math.floor(Date.now() / 1000) + LIFETIME_S
    this.#sealed =
      as === null
        ? ''
        : sealClaims(
            parseSessionKey(sessionKey),
            JSON.stringify({ ...as.claims, sub: as.sub, exp }),
          )
  }

  async hear(
    table: string,
    policies: readonly Policy[],
    command: Command,
    statement: { readonly sql: string; readonly params: readonly (string | null)[] },
  ): Promise<Hearing> {
    const isOf =
      (...commands: readonly Command[]) =>
      (each: Policy) =>
        each.command === '*' || commands.some((word) => LETTER[word] === each.command)
    // A statement that changes rows finds them first, and finding them is reading.
    const asked = policies.filter(
      (each) => each.using !== null && command !== 'insert' && isOf('select', command)(each),
    )
    const before = await this.#transaction(async () => {
      await this.#open(table)
      return this.#judge(
        table,
        asked.map(({ using }) => using ?? 'true'),
        'true',
      )
    })
    const checks = policies.filter(isOf(command)).map((each) => ({
      ...each,
      check: each.check ?? each.using ?? 'true',
    }))
    const writes = command === 'insert' || command === 'update'
    const after = writes
      ? await this.#transaction(() => this.#write(table, checks, statement)).catch(() => NOTHING)
      : NOTHING
    const names = (of: readonly Policy[]) =>
      of.map(({ name, command: letter }) => ({ name, command: WORD[letter] }))
    return {
      table,
      columns: before.columns,
      before: { policies: names(asked), rows: command === 'insert' ? [] : before.rows },
      after: { policies: writes ? names(checks) : [], rows: after.rows },
      isCut: before.isCut || after.isCut,
    }
  }

  /** The statement as the user, whose USING holds and whose WITH CHECK lets everything through; then its rows. */
  async #write(
    table: string,
    checks: readonly (Policy & { readonly check: string })[],
    { sql, params }: { readonly sql: string; readonly params: readonly (string | null)[] },
  ) {
    for (const { name } of checks) {
      await this.#client.query(
        `alter policy ${escapeIdentifier(name)} on public.${escapeIdentifier(table)} with check (true)`,
      )
    }
    await this.#become()
    await this.#client.query({ text: sql, values: [...params] })
    await this.#client.query('reset role')
    await this.#open(table)
    return this.#judge(
      table,
      checks.map(({ check }) => check),
      'xmin = pg_current_xact_id()::xid',
    )
  }

  async #judge(table: string, conditions: readonly string[], where: string) {
    await this.#become()
    const name = `public.${escapeIdentifier(table)}`
    const { fields, rows } = await this.#client.query<(string | null)[]>({
      text: `select ${[`${escapeIdentifier(table)}.*`, ...conditions.map((condition) => `(${condition})`)].join(', ')}
        from ${name} where ${where} limit ${MOST_ROWS + 1}`,
      rowMode: 'array',
    })
    const width = fields.length - conditions.length
    return {
      columns: fields.slice(0, width).map((field) => field.name),
      rows: rows.slice(0, MOST_ROWS).map((row) => ({
        values: row.slice(0, width),
        verdicts: row.slice(width).map((verdict) => (verdict === null ? null : verdict === 't')),
      })),
      isCut: rows.length > MOST_ROWS,
    }
  }

  /** Only in this transaction: the role reads the whole table, and may name what its policies call. */
  async #open(table: string): Promise<void> {
    const name = `public.${escapeIdentifier(table)}`
    await this.#client.query(
      `alter table ${name} disable row level security;
       grant select on ${name} to ${this.role};
       grant usage on schema access to ${this.role}`,
    )
  }

  async #become(): Promise<void> {
    await this.#client.query(
      `select set_config('role', $1, true), set_config('auth.session_token', $2, true)`,
      [this.role, this.#sealed],
    )
  }

  async #transaction<T>(work: () => Promise<T>): Promise<T> {
    await this.#client.query('begin')
    try {
      return await work()
    } finally {
      await this.#client.query('rollback')
    }
  }
}

const NOTHING = { rows: [], isCut: false }
