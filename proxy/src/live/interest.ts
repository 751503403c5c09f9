/** Which changes may concern a user's query: the tables behind it, and the user's keys in each of them. */
import type { Identity } from '../auth/identity'
import type { SessionKey } from '../auth/session-key'
import type { Bound } from './bound'
import { changeKey } from './change'
import type { Declared, WatchedKey } from './listener'
import { liveRefused, type Reads } from './reads'
import type { Found, Source, Sources } from './sources'

export type Interest = {
  /** By table; undefined where every change may matter. */
  readonly keys: ReadonlyMap<string, readonly string[] | undefined>
  /** Tables whose changes may give the user other keys. */
  readonly refreshOn: ReadonlySet<string>
}

export type InterestSettings = {
  readonly sources: Sources
  readonly sessionKey: SessionKey
  readonly declared: () => Promise<Declared>
  readonly findReads: (sql: string) => Promise<Reads>
  readonly isBound: (bound: Bound) => Promise<boolean>
}

export type Subject = {
  readonly identity: Identity
  /** '' for none. */
  readonly userId: string
  /** Runs an audience's query as the user; undefined if it gives too many values. */
  readonly ask: (audience: string) => Promise<readonly string[] | undefined>
}

/** @throws ProxyError live_refused when a table's changes cannot be told */
export async function findInterest(
  settings: InterestSettings,
  reads: Reads,
  { identity, userId, ask }: Subject,
): Promise<Interest> {
  const { sessionKey } = settings
  const { tables, audiences, refreshOn } = await follow(settings, reads, identity.role)
  const values = new Map<string, readonly string[] | undefined>()
  for (const audience of audiences) values.set(audience, await ask(audience))

  const keys = new Map<string, readonly string[] | undefined>()
  for (const [relation, columns] of tables) {
    const found = columns?.map(({ column, audience }) => {
      const own = userId === '' ? [] : [userId]
      const concerned = audience === null ? own : values.get(audience)
      return concerned?.map((value) => changeKey(sessionKey, relation, column, value))
    })
    const isEvery = found === undefined || found.includes(undefined)
    keys.set(relation, isEvery ? undefined : found.flatMap((some) => some ?? []))
  }
  return { keys, refreshOn }
}

/** Follows a statement to its tables, and from their keys to the queries that tell which users they concern. */
async function follow(settings: InterestSettings, reads: Reads, role: string) {
  const declared = await settings.declared()
  const tables = new Map<string, readonly WatchedKey[] | undefined>()
  const audiences = new Set<string>()
  const refreshOn = new Set<string>()
  const add = async (more: Reads, isAudience: boolean): Promise<void> => {
    const found = await settings.sources.of(more, role)
    for (const source of found.tables) {
      const keys = declared.tables.get(source.relation)
      if (keys === undefined) throw notWatched(source)
      if (isAudience) refreshOn.add(source.relation)
      const isNew = !tables.has(source.relation)
      const counts = await doKeysCount(settings, source, keys)
      if (isNew || !counts) tables.set(source.relation, counts ? keys : undefined)
    }
    const behind = readBy(found, declared).filter((name) => !seen.has(`${isAudience} ${name}`))
    if (behind.length === 0) return
    for (const name of behind) seen.add(`${isAudience} ${name}`)
    await add({ relations: [], functions: [], attributes: [], oids: behind }, isAudience)
  }
  const seen = new Set<string>()
  await add(reads, false)
  // The audiences of tables that audiences read come into this list while it is gone through.
  for (const keys of tables.values()) {
    for (const { audience } of keys ?? []) {
      if (audience === null || audiences.has(audience)) continue
      audiences.add(audience)
      await add(await settings.findReads(audience), true)
    }
  }
  return { tables, audiences, refreshOn }
}

/** The tables that functions read, as the owner has declared them. */
function readBy({ functions }: Found, declared: Declared): string[] {
  return functions.flatMap(({ oid, name }) => {
    const tables = declared.functions.get(oid)
    if (tables === undefined) throw notDeclared(name)
    return tables
  })
}

/** The keys bound who sees a row only if no policy shows it to others: `is_public or owner = …` does. */
async function doKeysCount(
  { isBound }: InterestSettings,
  { policies }: Source,
  keys: readonly WatchedKey[],
): Promise<boolean> {
  if (policies === undefined || keys.length === 0) return false
  const columns = keys.map(({ column }) => column)
  for (const condition of policies) if (!(await isBound({ condition, columns }))) return false
  return true
}

function notWatched({ name }: Source): Error {
  return liveRefused(`nothing tells of changes in ${name}, which decides about its answer`, {
    hint: 'Declare liveBy(…) beside the table in db/schema and run `npm run db:migrate`.',
  })
}

function notDeclared(name: string): Error {
  return liveRefused(`the tables that the function ${name} reads are unknown`, {
    hint: 'Write its body as SQL with BEGIN ATOMIC … END, or declare functionReads(…) in db/schema and run `npm run db:migrate`.',
  })
}
