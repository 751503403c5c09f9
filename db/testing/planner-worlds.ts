/** Two databases that differ in nothing but what users other than Bob have written, and how much each. */
import type { Client } from 'pg'
import { BOB } from './people'

/** `long` is as `few`, with longer texts. */
export type World = 'few' | 'many' | 'long'

/** As many as one sample of ANALYZE's holds pages for, so that it counts the rows exactly. */
const ROWS = 4_000

/** Shared ones; each has one todo. */
const LISTS = 400

/** One row in ten is Bob's, and the same in every world; all others are by the world's rules. */
const OTHERS: Record<World, { owner: string; text: string; score: string; day: string }> = {
  few: {
    owner: `'user_' || lpad(floor(7 * power(i / ${ROWS}.0, 3))::text, 4, '0')`,
    text: `'My PIN is ' || lpad((i % 90)::text, 4, '0')`,
    score: 'i % 5',
    day: `'2026-01-01'::timestamptz + i % 20 * interval '1 day'`,
  },
  many: {
    owner: `'user_' || lpad((i * 7919 % 1500)::text, 4, '0')`,
    text: `left(md5('task' || i), 14)`,
    score: 'i * 7919 % 100000',
    day: `'2019-01-01'::timestamptz + i * interval '9 hours'`,
  },
  long: {
    owner: `'user_' || lpad(floor(7 * power(i / ${ROWS}.0, 3))::text, 4, '0')`,
    text: `'My PIN is ' || lpad((i % 90)::text, 100, '0')`,
    score: 'i % 5',
    day: `'2026-01-01'::timestamptz + i % 20 * interval '1 day'`,
  },
}

/** A fork's tables: expressions, extended statistics, inheritance, partitions and foreign keys. */
const TABLES = `
  create table teams (name text primary key, size int);
  create table notes (
    id uuid primary key, owner text not null default auth.user_id(), todo uuid references todos,
    team text, body text, score int, made timestamptz);
  create table notes_old () inherits (notes);
  create table events (id int, owner text not null, kind text, day date) partition by range (id);
  create table events_1 partition of events for values from (0) to (${ROWS / 2});
  create table events_2 partition of events for values from (${ROWS / 2}) to (${ROWS});
  create view recent with (security_invoker = on) as select * from notes where score > 2;
  alter table notes enable row level security;
  alter table notes_old enable row level security;
  alter table events enable row level security;
  create policy mine on notes using ((select auth.user_id()) = owner);
  create policy mine on events using ((select auth.user_id()) = owner);
  grant select on teams, recent to authenticated;
  grant select, insert, update, delete on notes, events to authenticated;
  create statistics notes_pairs on owner, team, score from notes;
  create statistics notes_lower on lower(body), owner from notes;`

const INDEXES = `
  create index on notes (owner, id);
  create index on notes (lower(body), id);
  create index on notes (team, score, id);
  create index on events (owner, id);
  reindex table todos;
  reindex table lists;
  reindex table list_members;`

export async function layOutWorld(owner: Client, world: World): Promise<void> {
  const others = OTHERS[world]
  const other = (bobs: string, theirs: string) =>
    `case when i % 10 = 0 then ${bobs} else ${theirs} end`
  const whose = other(`'${BOB}'`, others.owner)
  const text = other(`'Bob wrote ' || lpad(i::text, 4, '0')`, others.text)
  const score = other('i % 7', others.score)
  const day = other(`'2026-02-01'::timestamptz + i * interval '1 minute'`, others.day)
  const id = other(`md5('bob' || i)::uuid`, `md5('${world}' || i)::uuid`)
  await owner.query(`
    ${TABLES}
    insert into teams select 'team_' || i, i from generate_series(1, 9) as i;
    insert into todos (id, user_id, task, is_complete, inserted_at)
      select ${id}, ${whose}, ${text}, ${score} < 4, ${day} from generate_series(0, ${ROWS - 1}) as i;
    insert into notes
      select ${id}, ${whose}, case when i % 3 = 0 then ${id} end,
        case when i % 4 > 0 then 'team_' || ${score} % 9 end, ${text}, ${score}, ${day}
      from generate_series(0, ${ROWS - 1}) as i;
    insert into notes_old select * from notes where 'x' > left(id::text, 1) and ctid < '(5,0)';
    insert into lists (id, name, created_by)
      select ${id}, left(${text}, 100), ${whose} from generate_series(0, ${LISTS - 1}) as i;
    insert into list_members (list_id, user_id, role)
      select ${id}, ${other(`'user_0001'`, `'guest_' || i`)}, 'editor' from generate_series(0, ${LISTS - 1}, 5) as i;
    update todos set list_id = l.id from lists as l where l.id = todos.id;
    insert into events select i, ${whose}, left(${text}, 5), ${day} from generate_series(0, ${ROWS - 1}) as i;
    ${INDEXES}`)
}

const TABLES_WITH_ROWS = [
  'todos',
  'lists',
  'list_members',
  'notes',
  'notes_old',
  'events_1',
  'events_2',
]
const AUTOVACUUM_SECONDS = 120

/** Waits until autovacuum itself has analysed the tables, and lets it do no more. */
export async function byAutovacuum(owner: Client): Promise<void> {
  await owner.query(`alter system set autovacuum_naptime = '1s'`)
  await owner.query('select pg_reload_conf()')
  const alterAll = async (settings: string) => {
    for (const table of TABLES_WITH_ROWS)
      await owner.query(`alter table ${table} set (${settings})`)
  }
  await alterAll('autovacuum_analyze_threshold = 0, autovacuum_analyze_scale_factor = 0')
  const deadline = Date.now() + AUTOVACUUM_SECONDS * 1000
  const isDone = async () => {
    const { rowCount } = await owner.query(
      `select from pg_stat_user_tables where relname = any ($1) and autoanalyze_count > 0`,
      [TABLES_WITH_ROWS],
    )
    return rowCount === TABLES_WITH_ROWS.length
  }
  while (!(await isDone())) {
    if (Date.now() > deadline) throw new Error('Autovacuum has not come.')
    await owner.query('select pg_sleep(0.05)')
  }
  await alterAll('autovacuum_enabled = off')
  await owner.query('alter system reset autovacuum_naptime')
  await vacuumAll(owner)
}

/**
 * Until every page is known to be visible to all, which plans depend on: a worker of autovacuum that is
 * not through yet keeps VACUUM from saying so.
 */
export async function vacuumAll(owner: Client): Promise<void> {
  const deadline = Date.now() + AUTOVACUUM_SECONDS * 1000
  for (;;) {
    await owner.query('vacuum analyze')
    const { rowCount } = await owner.query(
      'select from pg_class where relname = any ($1) and relallvisible < relpages',
      [TABLES_WITH_ROWS],
    )
    if (rowCount === 0) return
    if (Date.now() > deadline) throw new Error('VACUUM leaves pages that are not visible to all.')
  }
}

/** Undoes what the database guarantees. */
export async function putStatisticsBack(owner: Client): Promise<void> {
  const { rows } = await owner.query<{ command: string }>(`
    select case kind
      when 'column' then format('alter table only %s alter column %I set statistics -1', relation_name,
        (select attname from pg_attribute where attrelid = object and attnum = attribute))
      when 'index' then format('alter index %s alter column %s set statistics -1', object::regclass, attribute)
      else (select format('alter statistics %I set statistics -1', stxname) from pg_statistic_ext where oid = object) end as command
    from proxy_check.column_statistics()`)
  for (const { command } of rows) await owner.query(command)
  await owner.query('analyze')
}
