/**
 * Finds the tables that decide about a statement's answer: those that it names, and what stands behind
 * them in views, policies and functions. The catalog knows all of that, but not what functions read whose
 * bodies are text.
 */
import { becomeUser } from '../auth/identity'
import { LruMap } from '../lru-map'
import { internalQuery } from '../postgres/internal-query'
import { rowSink } from '../postgres/messages'
import type { Pool } from '../postgres/pool'
import { z } from 'zod'
import { liveRefused, type Reads } from './reads'

export type Source = {
  readonly relation: string
  readonly name: string
  /**
   * The conditions of the policies for SELECT, one of which each row meets that the user sees. Undefined if
   * there is no row-level security, or it does not apply (a view with the rights of its owner).
   */
  readonly policies: readonly string[] | undefined
}

export type Found = {
  readonly tables: readonly Source[]
  /** Functions whose tables the catalog does not know. */
  readonly functions: readonly { readonly oid: string; readonly name: string }[]
}

/** Objects created by initdb have lower ids (FirstNormalObjectId in access/transam.h). */
const FIRST_OWN = 16_384

const APPLIES = `(reached.is_owners or p.polroles = '{0}' or exists (
  select from pg_catalog.unnest(p.polroles) as r (role) where r.role <> 0 and pg_catalog.pg_has_role(r.role, 'USAGE')))`

/**
 * Runs as the user's role, so that names are looked up as for the statement. Columns: kind, oid, name, and
 * for tables the policies. A view that does not run with the rights of who asks hides the policies of what
 * it reads; a SECURITY DEFINER function is trusted to give each user only what concerns them.
 */
const FIND_SOURCES = `with recursive reached (classid, objid, is_owners) as (
    select 'pg_catalog.pg_class'::pg_catalog.regclass::oid, pg_catalog.to_regclass(name)::oid, false
    from pg_catalog.unnest($1::text[]) as name where pg_catalog.to_regclass(name) is not null
    union
    select 'pg_catalog.pg_class'::pg_catalog.regclass, oid, false from pg_catalog.unnest($4::oid[]) as oid
    union
    select 'pg_catalog.pg_proc'::pg_catalog.regclass, p.oid, false
    from pg_catalog.pg_proc as p left join pg_catalog.pg_type as t on t.oid = p.proargtypes[0]
    where p.oid >= ${FIRST_OWN} and (p.proname = any ($2::text[]) or t.typtype = 'c' and p.proname = any ($3::text[]))
    union
    select next.refclassid, next.refobjid, next.is_owners
    from reached cross join lateral (
      select d.refclassid, d.refobjid, reached.is_owners
          or not exists (select from pg_catalog.unnest(v.reloptions) as o where o ~ '^security_invoker=(true|on|yes|1)$')
      from pg_catalog.pg_class as v
      join pg_catalog.pg_rewrite as w on w.ev_class = v.oid
      join pg_catalog.pg_depend as d on d.classid = 'pg_catalog.pg_rewrite'::pg_catalog.regclass and d.objid = w.oid
      where reached.classid = 'pg_catalog.pg_class'::pg_catalog.regclass and v.oid = reached.objid and v.relkind in ('v', 'm')
        and not (d.refclassid = reached.classid and d.refobjid = v.oid)
      union all
      select d.refclassid, d.refobjid, reached.is_owners
      from pg_catalog.pg_policy as p
      join pg_catalog.pg_depend as d on d.classid = 'pg_catalog.pg_policy'::pg_catalog.regclass and d.objid = p.oid
      where reached.classid = 'pg_catalog.pg_class'::pg_catalog.regclass and p.polrelid = reached.objid
        and p.polcmd in ('r', '*') and ${APPLIES}
      union all
      select 'pg_catalog.pg_class'::pg_catalog.regclass, i.inhrelid, reached.is_owners
      from pg_catalog.pg_inherits as i
      where reached.classid = 'pg_catalog.pg_class'::pg_catalog.regclass and i.inhparent = reached.objid
      union all
      select d.refclassid, d.refobjid, reached.is_owners
      from pg_catalog.pg_depend as d
      where reached.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass and d.classid = reached.classid and d.objid = reached.objid
    ) as next (refclassid, refobjid, is_owners)
    where next.refclassid in ('pg_catalog.pg_class'::pg_catalog.regclass, 'pg_catalog.pg_proc'::pg_catalog.regclass)
  )
  select case when c.relkind = 'r' then 'table' else 'other' end, c.oid::text, pg_catalog.format('%I.%I', n.nspname, c.relname),
    case when c.relrowsecurity and not pg_catalog.bool_or(reached.is_owners) then (
      select coalesce(pg_catalog.jsonb_agg(coalesce(pg_catalog.pg_get_expr(p.polqual, p.polrelid), 'true')), '[]')
      from pg_catalog.pg_policy as p cross join (select false as is_owners) as reached
      where p.polrelid = c.oid and p.polpermissive and p.polcmd in ('r', '*') and ${APPLIES}
    )::text end
  from reached
  join pg_catalog.pg_class as c on reached.classid = 'pg_catalog.pg_class'::pg_catalog.regclass and c.oid = reached.objid
  join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
  where c.relkind in ('r', 'p', 'm', 'f')
  group by c.oid, c.relkind, c.relrowsecurity, c.relname, n.nspname
  union all
  select distinct 'function', p.oid::text, p.oid::pg_catalog.regprocedure::text, null
  from reached
  join pg_catalog.pg_proc as p on reached.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass and p.oid = reached.objid
  join pg_catalog.pg_language as l on l.oid = p.prolang
  where l.lanname not in ('internal', 'c') and p.provolatile <> 'i' and p.prosqlbody is null
    and p.pronamespace <> all (array(select oid from pg_catalog.pg_namespace where nspname in ('auth', 'private', 'proxy_state')))
    and not exists (select from pg_catalog.pg_depend as d where d.classid = reached.classid and d.objid = p.oid and d.deptype = 'e')
  union all
  select 'volatile', p.oid::text, p.oid::pg_catalog.regprocedure::text, null
  from pg_catalog.pg_proc as p
  where p.pronamespace = 'pg_catalog'::pg_catalog.regnamespace and p.proname = any ($2::text[]) and p.provolatile = 'v'`

const conditions = z.array(z.string())

/** Kinds of statements to remember, by the names in them. */
const MOST_REMEMBERED = 1_000

export class Sources {
  readonly #pool: Pool
  readonly #known = new LruMap<Promise<Found>>(MOST_REMEMBERED)

  constructor(pool: Pool) {
    this.#pool = pool
  }

  /** Forgets what it knows, because the schema has changed. */
  forget(): void {
    void this.#known.clear()
  }

  /** @throws ProxyError live_refused when the answer is random, or depends on what is not a plain table */
  of(reads: Reads, role: string): Promise<Found> {
    const key = JSON.stringify([role, reads])
    let sources = this.#known.get(key)
    if (sources === undefined) {
      sources = this.#find(reads, role)
      void this.#known.set(key, sources)
      sources.catch(() => {
        this.#known.delete(key)
      })
    }
    return sources
  }

  async #find(
    { relations, functions, attributes, oids = [] }: Reads,
    role: string,
  ): Promise<Found> {
    const rows: (readonly (string | null)[])[] = []
    const sink = rowSink((row) => {
      rows.push(row)
    })
    const params = [relations, functions, attributes, oids].map(textArray)
    await internalQuery(this.#pool, (connection) =>
      connection.run([becomeUser({ role, sessionToken: '' }), { sql: FIND_SOURCES, params, sink }]),
    )
    const tables: Source[] = []
    const unknown: { oid: string; name: string }[] = []
    for (const [kind, oid, name, policies] of rows) {
      const found = { oid: oid ?? '', name: name ?? '' }
      if (kind === 'function') unknown.push(found)
      else if (kind !== 'table') throw refusalOf(kind ?? '', found.name)
      else {
        tables.push({
          relation: found.oid,
          name: found.name,
          policies: policies == null ? undefined : conditions.parse(JSON.parse(policies)),
        })
      }
    }
    return { tables, functions: unknown }
  }
}

function refusalOf(kind: string, name: string): Error {
  if (kind === 'volatile') return liveRefused(`the function ${name} gives another result each time`)
  return liveRefused(`${name} is not a plain table, so its changes cannot be told`)
}

function textArray(texts: readonly string[]): string {
  return `{${texts.map((text) => `"${text.replace(/["\\]/g, '\\$&')}"`).join(',')}}`
}
