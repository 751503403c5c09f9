/** The set-up for each client: a proxy by token, and two tables under row-level security. */
import { neonConfig } from '@neondatabase/serverless'
import { startTestProxy, type TestProxy } from '../testing/proxy'

export type Scene = Pick<TestProxy, 'connectionString' | 'url' | 'tcpPort' | 'asOwner' | 'stop'> & {
  /** An `authToken` of a driver. */
  readonly tokenOf: (user: string) => () => Promise<string>
}

const TABLES = [
  `create table compat_lists (
    id uuid primary key default gen_random_uuid(),
    user_id text not null default auth.user_id(),
    name text not null)`,
  `create table compat_entries (
    id uuid primary key default gen_random_uuid(),
    list_id uuid not null references compat_lists on delete cascade,
    task text not null,
    done boolean not null default false,
    due timestamptz(3),
    cost numeric,
    big bigint,
    ratio float8,
    meta jsonb,
    tags text[] not null default '{}',
    photo bytea)`,
  'create index on compat_lists (user_id)',
  'create index on compat_entries (list_id)',
  'alter table compat_lists enable row level security',
  'alter table compat_entries enable row level security',
  `create policy own on compat_lists to authenticated
    using ((select auth.user_id()) = user_id) with check ((select auth.user_id()) = user_id)`,
  `create policy own on compat_entries to authenticated
    using (list_id in (select id from compat_lists)) with check (list_id in (select id from compat_lists))`,
  'grant select, insert, update, delete on compat_lists, compat_entries to authenticated',
]

export async function startScene(): Promise<Scene> {
  const proxy = await startTestProxy({ env: { PROXY_WEBSOCKET: 'on', PROXY_TCP_PORT: '0' } })
  for (const sql of TABLES) await proxy.asOwner(sql)
  neonConfig.fetchEndpoint = proxy.sqlUrl
  const { connectionString, url, tcpPort, asOwner, stop } = proxy
  const shared = { connectionString, url, tcpPort, asOwner, stop }
  return { ...shared, tokenOf: (user) => () => proxy.issuer.token(user) }
}
