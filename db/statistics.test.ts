import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Client } from 'pg'
import { startTestDatabase, type TestDatabase } from '../dev/postgres/testing/test-database'
import { migrate } from './migrate'
import { connect } from '../proxy/test/testing/as-user'

let database: TestDatabase
let owner: Client

before(async () => {
  database = await startTestDatabase()
  owner = await connect(database.ownerUrl)
  await owner.query('create schema house; grant usage on schema house to authenticated')
  await owner.query(`insert into todos (user_id, task) select 'user_' || i % 9, 'task ' || i
    from generate_series(1, 500) as i`)
})

after(async () => {
  await owner.query('drop role if exists house_role')
  await owner.end()
  await database.stop()
})

const notices: string[] = []
const harden = () =>
  migrate({ databaseUrl: database.ownerUrl, onNotice: (notice) => notices.push(notice) })

/** What the planner keeps of a relation, its indexes and its extended statistics; names only. */
async function kept(relation: string): Promise<string[]> {
  const { rows } = await owner.query<{ name: string }>(
    `select format('%s.%s', starelid::regclass, attname) as name
     from pg_statistic join pg_attribute on attrelid = starelid and attnum = staattnum
     where starelid = $1::regclass
       or starelid in (select indexrelid from pg_index where indrelid = $1::regclass)
     union all
     select stxname from pg_statistic_ext join pg_statistic_ext_data on stxoid = pg_statistic_ext.oid
     where stxrelid = $1::regclass
       and concat(stxdndistinct, stxddependencies, stxdmcv, stxdexpr) <> ''
     order by 1`,
    [relation],
  )
  return rows.map(({ name }) => name)
}

const ROWS = `select i, 'user_' || i % 5, 'note ' || i from generate_series(1, 200) as i`
const RLS = 'enable row level security'

/** A table of a fork's, called `t`, that users see in part. */
const PARTIAL: Record<string, { make: string; relation?: string }> = {
  'a table': {
    make: `create table t (id int, owner text, body text); alter table t ${RLS};
           grant select on t to authenticated; insert into t ${ROWS}`,
  },
  'a table of which users may read one column': {
    make: `create table t (id int, owner text, body text); alter table t ${RLS};
           grant select (id) on t to authenticated; insert into t ${ROWS}`,
  },
  'a table to which users may only write': {
    make: `create table t (id int, owner text, body text); alter table t ${RLS};
           grant insert on t to authenticated; insert into t ${ROWS}`,
  },
  'a table that is open to PUBLIC': {
    make: `create table t (id int, owner text, body text); alter table t ${RLS};
           grant select on t to public; insert into t ${ROWS}`,
  },
  'the table of a custom role': {
    make: `create table t (id int, owner text, body text); alter table t ${RLS};
           grant select on t to house_role; insert into t ${ROWS}`,
  },
  'expressions of indexes': {
    make: `create table t (id int, owner text, body text); alter table t ${RLS};
           create index on t (lower(body), id, (owner || body)) include (owner);
           grant select on t to authenticated; insert into t ${ROWS}`,
  },
  'extended statistics': {
    make: `create table t (id int, owner text, body text); alter table t ${RLS};
           create statistics "S t" (ndistinct, dependencies, mcv) on owner, body from t;
           create statistics house.e on (lower(body)), owner from t;
           grant select on t to authenticated; insert into t ${ROWS}`,
  },
  'a partition': {
    make: `create table t (id int, owner text, body text) partition by range (id);
           create table t_1 partition of t for values from (0) to (1000);
           create index on t (lower(body));
           alter table t ${RLS}; grant select on t to authenticated; insert into t ${ROWS}`,
    relation: 't_1',
  },
  'a partitioned table': {
    make: `create table t (id int, owner text, body text) partition by range (id);
           create table t_1 partition of t for values from (0) to (1000);
           alter table t ${RLS}; grant select on t to authenticated; insert into t ${ROWS}`,
  },
  'a child whose parent users see': {
    make: `create table t (id int, owner text, body text); create table t_1 () inherits (t);
           alter table t ${RLS}; grant select on t to authenticated; insert into t_1 ${ROWS}`,
    relation: 't_1',
  },
  'a table behind a view': {
    make: `create table t (id int, owner text, body text);
           create view v as select * from t where owner = (select auth.user_id());
           create view w as select * from v; grant select on w to authenticated; insert into t ${ROWS}`,
  },
  'a materialized view behind a view': {
    make: `create table t_1 (id int, owner text, body text); insert into t_1 ${ROWS};
           create materialized view t as select * from t_1;
           create view v as select * from t where owner = (select auth.user_id());
           grant select on v to authenticated`,
  },
  'a table with forced row-level security': {
    make: `create table t (id int, owner text, body text); alter table t ${RLS}, force row level security;
           grant select on t to authenticated; insert into t ${ROWS}`,
  },
  'names that need quotes, and columns of every kind': {
    make: `create table house."T t" ("I d" int generated always as identity, owner varchar(9) collate "C",
             body text[], up text generated always as (upper(owner)) stored, gone int);
           alter table house."T t" drop column gone; alter table house."T t" ${RLS};
           grant select on house."T t" to authenticated;
           insert into house."T t" (owner, body) select 'u' || i, array['b' || i] from generate_series(1, 99) i`,
    relation: 'house."T t"',
  },
}

async function inTurn(make: string, work: () => Promise<void>) {
  await owner.query(
    `do $$ begin if to_regrole('house_role') is null then create role house_role; end if; end $$;
     grant house_role to authenticator; ${make}`,
  )
  try {
    await work()
  } finally {
    const { rows } = await owner.query<{ kind: string }>(
      `select relkind as kind from pg_class where oid = to_regclass('t')`,
    )
    const kind = rows[0]?.kind === 'm' ? 'materialized view' : 'table'
    await owner.query(
      `drop ${kind} if exists t cascade; drop table if exists t_1, house."T t" cascade;
       revoke house_role from authenticator`,
    )
  }
}

describe('after migrating, ANALYZE keeps no value of', () => {
  for (const [what, { make, relation = 't' }] of Object.entries(PARTIAL)) {
    test(what, async () => {
      await inTurn(make, async () => {
        await owner.query('analyze')
        assert.notDeepEqual(await kept(relation), [], 'before')
        await harden()
        assert.deepEqual(await kept(relation), [], 'what was gathered')
        await owner.query('analyze')
        assert.deepEqual(await kept(relation), [], 'what would be gathered')
      })
    })
  }

  test('todos, from the first migration on', async () => {
    await owner.query('analyze')
    assert.deepEqual(await kept('todos'), [])
  })

  test('a virtual column, for which no target can be set', async (t) => {
    const { rows } = await owner.query<{ is: boolean }>(
      `select current_setting('server_version_num')::int >= 180000 as is`,
    )
    if (rows[0]?.is !== true) {
      t.skip('needs PostgreSQL 18')
      return
    }
    const make = `create table t (id int, body text, up text generated always as (body || 'x') virtual);
      alter table t ${RLS}; grant select on t to authenticated; insert into t values (1, 'x')`
    await inTurn(make, async () => {
      await harden()
      await owner.query('analyze')
      assert.deepEqual(await kept('t'), [])
    })
  })

  test('what a restore has put back', async (t) => {
    const { rows } = await owner.query<{ name: string | null }>(
      `select to_regproc('pg_restore_attribute_stats') as name`,
    )
    if (rows[0]?.name === null) {
      t.skip('needs PostgreSQL 18')
      return
    }
    await owner.query(`select pg_restore_attribute_stats('schemaname', 'public', 'relname', 'todos',
      'attname', 'task', 'inherited', false, 'null_frac', 0::real, 'avg_width', 9, 'n_distinct', -1::real,
      'most_common_vals', '{task of somebody else}', 'most_common_freqs', '{0.5}'::real[])`)
    assert.deepEqual(await kept('todos'), ['todos.task'])
    await harden()
    assert.deepEqual(await kept('todos'), [])
  })
})

describe('the planner keeps what it knows of', () => {
  const OPEN = `create table t (id int, owner text, body text); insert into t ${ROWS}`
  const WHOLE: Record<string, string> = {
    'a table that users read whole': `${OPEN}; grant select on t to authenticated;
      create view v as select * from t; grant select on v to authenticated`,
    'a table that users do not reach': `${OPEN}; alter table t ${RLS}`,
  }
  for (const [what, make] of Object.entries(WHOLE)) {
    test(what, async () => {
      await inTurn(make, async () => {
        await harden()
        await owner.query('analyze')
        assert.deepEqual(await kept('t'), ['t.body', 't.id', 't.owner'])
      })
    })
  }
})

test('an object of extended statistics stays what it was, without its data', async () => {
  const make = `create table t (id int, owner text, body text); alter table t ${RLS};
    create statistics s (ndistinct, mcv) on owner, lower(body) from t; comment on statistics s is 'kept';
    alter statistics s owner to house_role;
    grant select on t to authenticated; insert into t ${ROWS}; analyze t`
  const stays = async () =>
    (
      await owner.query<
        Record<string, string>
      >(`select pg_get_statisticsobjdef(oid) as definition, stxowner::regrole as owner,
        obj_description(oid) as comment from pg_statistic_ext where stxname = 's'`)
    ).rows
  await inTurn(make, async () => {
    const before = await stays()
    await harden()
    assert.deepEqual(await stays(), before)
    assert.equal(before.length, 1)
  })
})

test('migrating takes no lock on a table where all is well', async () => {
  await owner.query('begin')
  try {
    await owner.query('select private.harden()')
    const { rows } = await owner.query(
      `select mode from pg_locks where pid = pg_backend_pid() and relation = 'todos'::regclass
       and mode <> 'AccessShareLock'`,
    )
    assert.deepEqual(rows, [])
  } finally {
    await owner.query('rollback')
  }
})

test('an ANALYZE that is under way does not slip through', async () => {
  await owner.query('alter table todos alter column task set statistics -1')
  const other = await connect(database.ownerUrl)
  try {
    await other.query('begin')
    await other.query('analyze todos')
    const hardened = owner.query('select private.harden()')
    const waits = async () => {
      const { rowCount } = await other.query(
        `select from pg_locks where relation = 'todos'::regclass and not granted`,
      )
      return rowCount !== null && rowCount > 0
    }
    while (!(await waits())) await other.query('select pg_sleep(0.01)')
    await other.query('commit')
    await hardened
    assert.deepEqual(await kept('todos'), [])
  } finally {
    await other.end()
  }
})

describe('what tells which columns have statistics', () => {
  test('names them to the proxy’s login and to no user', async () => {
    const { rows } = await owner.query(
      `select role, has_schema_privilege(role, 'proxy_check', 'usage') as schema,
         has_function_privilege(role, 'proxy_check.column_statistics()', 'execute') as function
       from unnest(array['authenticator', 'authenticated', 'anonymous']) as role`,
    )
    assert.deepEqual(rows, [
      { role: 'authenticator', schema: true, function: true },
      { role: 'authenticated', schema: false, function: false },
      { role: 'anonymous', schema: false, function: false },
    ])
  })
})

test('sessions of the proxy read a table from its beginning, a page in an index’s order, and compile no plan', async () => {
  const authenticator = await connect(database.authenticatorUrl)
  const { rows } = await authenticator.query(
    `select name, setting from pg_settings where name in ('synchronize_seqscans', 'jit', 'random_page_cost') order by name`,
  )
  await authenticator.end()
  assert.deepEqual(rows, [
    { name: 'jit', setting: 'off' },
    { name: 'random_page_cost', setting: '1' },
    { name: 'synchronize_seqscans', setting: 'off' },
  ])
})
