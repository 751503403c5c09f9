/**
 * The part of a trace that happens in Postgres: who the user is there, the policies, the plan, and how long each took.
 *
 * EXPLAIN has COSTS OFF, because its estimates count everyone's rows, and plans only: the statement runs once, as
 * without a trace.
 */
import type { Runner, Step, Turn } from '../postgres/flight'
import { PostgresError, rowSink, type Sink } from '../postgres/messages'
import type { Statement } from '../request/body'
import type { Outline } from './outline'
import { lookUp, type Looked } from './tables'
import type { SentStatement, Tracer } from './trace'

export type Traced = {
  readonly tracer: Tracer
  /** One per statement; undefined where it cannot be read. */
  readonly outlines: readonly (Outline | undefined)[]
}

/** Of a batch; a trace is for reading. */
export const MOST_SHOWN = 10
const MOST_LINES = 200
const MOST_CHARACTERS = 10_000

const EXPLAIN = 'EXPLAIN (VERBOSE, COSTS OFF) '

/** Milliseconds since 1970, by Postgres' clock. */
const CLOCK = `pg_catalog.date_part('epoch', pg_catalog.clock_timestamp()) * 1000`
const BEGAN = `pg_catalog.date_part('epoch', pg_catalog.transaction_timestamp()) * 1000`

/** For one attempt at a request. */
export class PostgresTrace {
  readonly #tracer: Tracer
  readonly #statements: readonly Statement[]
  readonly #explained: readonly Statement[]
  readonly #looked: Looked
  #began = 0
  #sentAt = 0
  #user: { role: string; userId?: string | null; at: number } | undefined
  #plans: string[][] = []
  #planned: number | undefined
  #ran: number | undefined

  /** @param connection outside a transaction */
  static async start(
    { tracer, outlines }: Traced,
    statements: readonly Statement[],
    role: string,
    connection: Runner,
    turn: Turn,
  ): Promise<PostgresTrace> {
    tracer.begin('policies')
    const relations = outlines.flatMap((outline) => outline?.relations ?? [])
    const looked = await lookUp(connection, relations, role, turn)
    tracer.see('policies', { tables: looked.tables })
    tracer.begin('identity')
    const explained = statements.filter((_, i) => outlines[i]?.isExplainable === true)
    return new PostgresTrace(tracer, statements, explained.slice(0, MOST_SHOWN), looked)
  }

  private constructor(
    tracer: Tracer,
    statements: readonly Statement[],
    explained: readonly Statement[],
    looked: Looked,
  ) {
    this.#tracer = tracer
    this.#statements = statements
    this.#explained = explained
    this.#looked = looked
  }

  /** The same work with the steps of the trace: after becoming the user, and after the statements. */
  around<W extends { readonly before: readonly Step[] }>(work: W): W & { after: readonly Step[] } {
    this.#sentAt = performance.now()
    const ran = clock((at) => {
      this.#ran = at
    })
    return { ...work, before: [...work.before, ...this.#before()], after: [ran] }
  }

  #before(): readonly Step[] {
    const userId = this.#looked.mayAskUserId ? 'auth.user_id()' : 'null'
    const whoIsIt = rowSink(([role, id, began, at]) => {
      this.#began = Number(began)
      this.#user = {
        role: role ?? '',
        ...(this.#looked.mayAskUserId ? { userId: id ?? null } : {}),
        at: Number(at),
      }
    })
    return [
      { sql: `select current_user, ${userId}, ${BEGAN}, ${CLOCK}`, params: [], sink: whoIsIt },
      ...this.#explained.map(({ sql, params }, i) => ({
        sql: EXPLAIN + sql,
        params,
        sink: this.#readPlan(i),
      })),
      clock((at) => {
        this.#planned = at
      }),
    ]
  }

  /** Notes what has been seen. When the request has failed, the step that failed stays open, and ends the trace. */
  landed(): void {
    const tracer = this.#tracer
    if (this.#user === undefined) return
    const { at, ...seen } = this.#user
    tracer.see('identity', seen)
    tracer.end(at - this.#began)
    const took = performance.now() - this.#sentAt - (at - this.#began)
    if (this.#explained.length > 0) {
      tracer.begin('plan', took)
      if (this.#planned === undefined) return
      tracer.see('plan', { plans: this.#plans })
      tracer.end(this.#planned - at)
    }
    tracer.begin('postgres', took)
    tracer.see('postgres', { statements: this.#statements.slice(0, MOST_SHOWN).map(asSent) })
    if (this.#ran === undefined) return
    tracer.end(this.#ran - (this.#planned ?? at))
    tracer.begin('answer', performance.now() - this.#sentAt - (this.#ran - this.#began))
  }

  /**
   * An error that EXPLAIN has found first, as the statement alone would have raised it: it counts characters from the
   * start of its text.
   */
  asUntraced(error: unknown): unknown {
    const hasPlanFailed = this.#user !== undefined && this.#planned === undefined
    if (!(error instanceof PostgresError) || !hasPlanFailed) return error
    const position = Number(error.fields.position) - EXPLAIN.length
    if (!(position > 0)) return error
    return new PostgresError(error.message, { ...error.fields, position: String(position) })
  }

  #readPlan(i: number): Sink {
    const lines: string[] = []
    this.#plans[i] = lines
    const sink = rowSink(([line]) => {
      // How many workers help depends on how many rows there are of everyone.
      if (line != null && lines.length < MOST_LINES && !line.includes('Workers Planned'))
        lines.push(line)
    })
    return {
      ...sink,
      onFields: () => {
        // It may be run again.
        lines.length = 0
      },
    }
  }
}

function clock(onTime: (ms: number) => void): Step {
  const sink = rowSink(([at]) => {
    onTime(Number(at))
  })
  return { sql: `select ${CLOCK}`, params: [], sink }
}

function asSent({ sql, params }: Statement): SentStatement {
  const isLong = sql.length > MOST_CHARACTERS
  return { sql: isLong ? `${sql.slice(0, MOST_CHARACTERS)}…` : sql, params: params.length }
}
