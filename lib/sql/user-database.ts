/** Postgres as one user, by whichever driver, and what is known of the way to it. */
import type { PgDatabase, PgQueryResultHKT } from 'drizzle-orm/pg-core'
import type { Observe } from './sent-statement'

export type UserDatabase = Pick<
  PgDatabase<PgQueryResultHKT>,
  'select' | 'insert' | 'update' | 'delete'
>

/** `sqlUrl` is the SQL proxy's; without it, SQL goes to the host that Neon's driver derives from the other one. */
export type Addresses = { databaseUrl: string; sqlUrl?: string | undefined }

/** Answers a request in place of the proxy. */
export type Respond = (url: string, init: RequestInit) => Promise<Response>

/**
 * Connects as the user of a token. `observe` is told of each statement of this one client: what it hears is for the
 * token's user alone.
 */
export type Connect = (token: string, observe?: Observe, respond?: Respond) => UserDatabase
