/**
 * The gate sees names, but Postgres resolves them to objects. This finds functions of the owner that SQL can
 * reach without naming them: by overloading, operators, casts and `row.f`. Each must be listed in
 * PROXY_FUNCTIONS or PROXY_EXTENSIONS, or no request is served.
 */
import { ProxyError } from '../errors'
import { AUTH_FUNCTIONS, BUILT_IN_FUNCTIONS } from './functions'
import { STABLE } from './rules'
import type { PostgresConnection } from '../postgres/connection'
import type { Turn } from '../postgres/flight'
import { PostgresError, rowSink } from '../postgres/messages'

export type Listed = {
  /** Entries of PROXY_FUNCTIONS. */
  readonly functions: readonly string[]
  /** Entries of PROXY_EXTENSIONS. */
  readonly extensions: readonly string[]
}

export type Problem = { readonly what: string; readonly fix: string }

export type Shadows = {
  readonly problems: readonly Problem[]
  /** A SELECT may call a volatile function that no name in it shows, as in a view or policy. */
  readonly hidesVolatile: boolean
}

type Row = readonly (string | null)[]

/** Objects created by initdb have lower ids (FirstNormalObjectId in access/transam.h). */
const FIRST_OWN = 16_384

/** Only Postgres' own names: an operator in public could change the meaning of the query. */
const OWN_PATH = `select pg_catalog.set_config('search_path', 'pg_catalog,pg_temp', true)`

/**
 * Columns: kind, object, its function, whether that is volatile, its extension. Excludes what Postgres never
 * chooses: functions hidden by a built-in one with the same name and argument types, and functions that
 * the request roles may not execute.
 */
export const FIND_SHADOWS = `with own as (
    select p.oid, p.proname, p.pronamespace, p.prokind, p.pronargs, p.pronargdefaults, p.provariadic,
      p.proargtypes, n.nspname, n.nspname || '.' || p.proname as name, p.provolatile = 'v' as is_volatile, p.prorettype,
      (select e.extname from pg_depend d join pg_extension e on e.oid = d.refobjid
        where d.classid = 'pg_proc'::regclass and d.objid = p.oid and d.deptype = 'e'
          and d.refclassid = 'pg_extension'::regclass limit 1) as extension
    from pg_proc p join pg_namespace n on n.oid = p.pronamespace
  ), reached as (
    select 'name' as kind, oid::regprocedure::text as object, own.oid
    from own
    where oid >= ${FIRST_OWN} and prokind <> 'p' and (
        nspname = any ($4::text[]) and proname = any ($1::text[])
        or nspname = 'auth' and name = any ($2::text[]) and pronargs > 0)
      and not (pronargdefaults = 0 and provariadic = 0 and exists (
        select from pg_proc b where b.oid < ${FIRST_OWN} and b.proname = own.proname
          and b.pronamespace = 'pg_catalog'::regnamespace and b.proargtypes = own.proargtypes))
    union all
    select 'row', own.oid::regprocedure::text, own.oid
    from own join pg_type t on t.oid = proargtypes[0] left join pg_type base on base.oid = t.typbasetype
    where own.oid >= ${FIRST_OWN} and prokind <> 'p' and nspname = any ($4::text[])
      and pronargs - pronargdefaults <= 1 and (t.typtype = 'c' or base.typtype = 'c' or t.typname in
        ('record', 'any', 'anyelement', 'anynonarray', 'anycompatible', 'anycompatiblenonarray'))
      and not proname = any ($1::text[])
    union all
    select 'operator', o.oid::regoperator::text, o.oprcode
    from pg_operator o
    where o.oid >= ${FIRST_OWN} and o.oprnamespace in (
        select oid from pg_namespace where nspname = any ($4::text[]))
      and not exists (
        select from pg_operator b where b.oid < ${FIRST_OWN} and b.oprname = o.oprname
          and b.oprnamespace = 'pg_catalog'::regnamespace and b.oprleft = o.oprleft and b.oprright = o.oprright)
    union all
    select 'cast', castsource::regtype || ' to ' || casttarget::regtype, castfunc
    from pg_cast where oid >= ${FIRST_OWN} and castfunc <> 0
    union all
    select 'declared', own.oid::regprocedure::text, own.oid
    from own where name = any ($3::text[]) and is_volatile
  )
  select reached.kind, reached.object, own.name, own.is_volatile, own.extension, own.oid < ${FIRST_OWN} as is_built_in
  from reached join own on own.oid = reached.oid
  where own.prorettype not in ('trigger'::regtype, 'event_trigger'::regtype)
    and exists (
      select from pg_roles r where r.rolname <> current_user
        and pg_has_role(current_user, r.oid, 'MEMBER') and has_function_privilege(r.oid, own.oid, 'execute'))
  union all
  select 'hidden', null, null, true, null, false
  where exists (
    select from pg_depend d join pg_proc p on p.oid = d.refobjid
    where d.refclassid = 'pg_proc'::regclass and p.oid >= ${FIRST_OWN} and p.provolatile = 'v'
      and (d.classid = 'pg_policy'::regclass
        or d.classid = 'pg_rewrite'::regclass and exists (
          select from pg_rewrite w join pg_class c on c.oid = w.ev_class where w.oid = d.objid and c.relkind = 'v')
        or d.classid = 'pg_constraint'::regclass and exists (
          select from pg_constraint k where k.oid = d.objid and k.contypid <> 0)))
  order by 1, 2`

/**
 * The parameters of FIND_SHADOWS, as text.
 * @param schemas the search path
 */
export function shadowParams({ functions }: Listed, schemas: readonly string[]): string[] {
  const declared = functions.flatMap((entry) =>
    entry.endsWith(STABLE) ? [entry.slice(0, -STABLE.length)] : [],
  )
  const array = (names: Iterable<string>) =>
    `{${Array.from(names, (name) => `"${name.replace(/["\\]/g, '\\$&')}"`).join(',')}}`
  return [
    array(BUILT_IN_FUNCTIONS),
    array(AUTH_FUNCTIONS),
    array(declared),
    array(['pg_catalog', ...schemas]),
  ]
}

/** @param rows the result of FIND_SHADOWS */
export function judgeShadows(rows: readonly Row[], { functions, extensions }: Listed): Shadows {
  const listed = new Set(functions.map((entry) => entry.replace(STABLE, '')))
  const problems: Problem[] = []
  let hidesVolatile = false
  for (const [kind, object, name, volatile, extension, builtIn] of rows) {
    if (kind === 'hidden') {
      hidesVolatile = true
      continue
    }
    if (kind === 'declared') {
      problems.push({
        what: `PROXY_FUNCTIONS calls ${String(object)} stable, and Postgres calls it volatile`,
        fix: `take "${STABLE}" away, or ALTER FUNCTION … STABLE if it only reads`,
      })
      continue
    }
    const isHarmless =
      builtIn === 't' && BUILT_IN_FUNCTIONS.has((name ?? '').replace('pg_catalog.', ''))
    if (isHarmless || extensions.includes(extension ?? '')) continue
    const isCalledUnseen = kind === 'operator' || kind === 'cast'
    if (listed.has(name ?? '') && !(isCalledUnseen && volatile === 't')) continue
    const fix =
      extension !== null && extension !== undefined
        ? `name its extension in PROXY_EXTENSIONS (${extension})`
        : isCalledUnseen && volatile === 't'
          ? 'declare that function STABLE or IMMUTABLE if it is, and name it in PROXY_FUNCTIONS'
          : `name it in PROXY_FUNCTIONS (${String(name)}), rename it, move it to another schema, or REVOKE EXECUTE on it`
    const say = SENTENCES[kind ?? '']
    problems.push({ what: say?.(String(object), String(name)) ?? String(object), fix })
  }
  return { problems, hidesVolatile }
}

const SENTENCES: Readonly<Record<string, (object: string, name: string) => string>> = {
  name: (object) =>
    `the function ${object} has the name of one of Postgres' own that any SQL may call`,
  row: (object) => `any SQL may call the function ${object} as an attribute of a row`,
  operator: (object, name) => `any SQL may use the operator ${object}, which calls ${name}`,
  cast: (object, name) => `any SQL may use the cast from ${object}, which calls ${name}`,
}

/** A clean result is reused for this long, so that opening many sessions needs only one look. */
const FRESH_MS = 1_000

/** The result of the latest look. No request is served before the first one. */
export class ShadowCheck {
  readonly #listed: Listed
  readonly #say: (sentence: string) => void
  /** A sentence for each object. */
  #problems: readonly string[] = ['the functions of the database were not looked at yet']
  #hidesVolatile = true
  #lookedAt = -Infinity
  /** The schema version of the latest look. */
  #changes: string | undefined

  constructor(listed: Listed, say: (sentence: string) => void = toStderr) {
    this.#listed = listed
    this.#say = say
  }

  get problems(): readonly string[] {
    return this.#problems
  }

  /** Whether a read may run twice. */
  get mayRepeatReads(): boolean {
    return !this.#hidesVolatile
  }

  /** Never throws. A failed look keeps the previous result. */
  async look(connection: PostgresConnection, turn?: Turn): Promise<void> {
    const changes = connection.schemaVersion?.changes
    const isFresh = changes === this.#changes && performance.now() - this.#lookedAt < FRESH_MS
    if (this.problems.length === 0 && isFresh) return
    const rows: Row[] = []
    const sink = rowSink((row) => {
      rows.push(row)
    })
    const params = shadowParams(this.#listed, connection.searchPath?.schemas ?? [])
    try {
      const steps = [
        { sql: OWN_PATH, params: [] },
        { sql: FIND_SHADOWS, params, sink },
      ]
      await connection.run(steps, turn)
    } catch (error) {
      if (error instanceof PostgresError && this.#lookedAt === -Infinity) {
        this.#problems = [`the functions of the database cannot be looked at: ${error.message}`]
      }
      return
    }
    const { problems, hidesVolatile } = judgeShadows(rows, this.#listed)
    const sentences = problems.map(({ what, fix }) => `${what}: ${fix}`)
    if (sentences.join() !== this.problems.join()) {
      for (const sentence of sentences) this.#say(`No request is served: ${sentence}.`)
    }
    this.#problems = sentences
    this.#hidesVolatile = hidesVolatile
    this.#lookedAt = performance.now()
    this.#changes = changes
  }

  /** @throws ProxyError database_unsafe */
  refuseIfFound(): void {
    if (this.problems.length === 0) return
    throw new ProxyError(
      'database_unsafe',
      'the database holds functions that SQL could call past the proxy, so no request is served',
      { hint: 'GET /readyz and `npm run proxy:check` say which, and what to do.' },
    )
  }
}

/** To stderr: stdout is the access log, one JSON object per line. */
function toStderr(sentence: string): void {
  process.stderr.write(`${sentence}\n`)
}
