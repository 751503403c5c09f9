import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { Client } from 'pg'
import { startProgram } from './testing/program'
import { startTestProxy, type OneProxy, type Posted, type TestProxy } from './testing/proxy'
import { until } from './testing/until'

/** Sessions per proxy; all have prepared the statement before the schema changes. */
const SESSIONS = 6
const AT_ONCE = 3 * SESSIONS

const env = {
  PROXY_POOL_SIZE: String(SESSIONS),
  PROXY_MAX_IN_FLIGHT_PER_USER: '1000',
}
let proxy: TestProxy
let other: OneProxy
before(async () => {
  proxy = await startTestProxy({ env })
  other = await proxy.another({ env })
})
after(() => proxy.stop())

type Request = { readonly query: string; readonly params?: readonly unknown[] }

/** Forms of sending a statement: alone, or in a batch. */
const FORMS = {
  single: (request: Request) => request,
  batch: (request: Request) => ({ queries: [{ query: 'select 1' }, request] }),
}
type Form = keyof typeof FORMS

/** Enough concurrent requests to use every session of both proxies. */
async function everywhere(form: Form, request: Request): Promise<Posted[]> {
  const users = await Promise.all(
    Array.from({ length: AT_ONCE }, (_, i) => proxy.issuer.token(`user ${i % SESSIONS}`)),
  )
  return Promise.all(
    [proxy.sqlUrl, other.sqlUrl].flatMap((sqlUrl) =>
      users.map((token) => proxy.post(FORMS[form](request), { sqlUrl, token })),
    ),
  )
}

function rowsOf({ json }: Posted): Record<string, unknown>[] {
  const results = json.results as { rows: Record<string, unknown>[] }[] | undefined
  const rows = results?.at(-1)?.rows ?? json.rows
  assert.ok(Array.isArray(rows), JSON.stringify(json))
  return rows as Record<string, unknown>[]
}

function fieldsOf({ json }: Posted): Record<string, unknown>[] {
  const results = json.results as { fields: Record<string, unknown>[] }[] | undefined
  return (results?.at(-1)?.fields ?? json.fields) as Record<string, unknown>[]
}

type Case = {
  readonly what: string
  /** The type of the column `v` before the change. */
  readonly type: string
  readonly change: string
  readonly value: string
  /** A value that works before the change. */
  readonly first: string
  /** The stored value as text, read by the owner. */
  readonly right: string
  /** SQL to run before and after. */
  readonly make?: string
  readonly undo?: string
}

const toType = (type: string, using = '') =>
  `alter table due alter column v type ${type}${using && ` using ${using}`}`
const ENUM = `create type mood as enum ('glad', 'sad')`
const NO_ENUM = 'drop type mood'

const CASES: readonly Case[] = [
  {
    what: 'timestamp to timestamptz',
    type: 'timestamp',
    change: toType('timestamptz', `v at time zone 'UTC'`),
    first: '2026-01-01T12:00:00+05:00',
    value: '2026-01-01T12:00:00+05:00',
    right: '2026-01-01 07:00:00+00',
  },
  {
    what: 'float4 to float8',
    type: 'float4',
    change: toType('float8'),
    first: '0.1',
    value: '0.1',
    right: '0.1',
  },
  {
    what: 'int to bigint',
    type: 'int',
    change: toType('bigint'),
    first: '3',
    value: '3000000000',
    right: '3000000000',
  },
  {
    what: 'text to uuid',
    type: 'text',
    change: toType('uuid', 'v::uuid'),
    first: '8c3b7d5e-52a7-4f8e-9a57-1d1f0c9f4b11',
    value: '8C3B7D5E-52A7-4F8E-9A57-1D1F0C9F4B11',
    right: '8c3b7d5e-52a7-4f8e-9a57-1d1f0c9f4b11',
  },
  {
    what: 'int to text',
    type: 'int',
    change: toType('text'),
    first: '1',
    value: 'one',
    right: 'one',
  },
  {
    what: 'int to numeric',
    type: 'int',
    change: toType('numeric'),
    first: '1',
    value: '1.5',
    right: '1.5',
  },
  {
    what: 'boolean to text',
    type: 'boolean',
    change: toType('text'),
    first: 'true',
    value: 'perhaps',
    right: 'perhaps',
  },
  {
    what: 'varchar to bpchar, which compares without trailing spaces',
    type: 'varchar(5)',
    change: toType('char(5)'),
    first: 'a ',
    value: 'a    ',
    right: 'a',
  },
  {
    what: 'text to jsonb',
    type: 'text',
    change: toType('jsonb', 'v::jsonb'),
    first: '{"a":1}',
    value: '{"a":1}',
    right: '{"a": 1}',
  },
  {
    what: 'text to text[]',
    type: 'text',
    change: toType('text[]', 'array[v]'),
    first: '{a,b}',
    value: '{a,b}',
    right: '{a,b}',
  },
  {
    what: 'text to an enum',
    type: 'text',
    change: toType('mood', 'v::mood'),
    first: 'glad',
    value: 'sad',
    right: 'sad',
    make: ENUM,
    undo: NO_ENUM,
  },
  {
    what: 'an enum replaced by way of text',
    type: 'mood',
    change: `${toType('text')}; drop type mood; create type mood as enum ('glad', 'sad', 'calm'); ${toType('mood', 'v::mood')}`,
    first: 'glad',
    value: 'calm',
    right: 'calm',
    make: ENUM,
    undo: NO_ENUM,
  },
  {
    what: 'a domain replaced by one with other checks',
    type: 'mood',
    change: `${toType('text')}; drop domain mood; create domain mood as text check (value <> 'glad'); ${toType('mood', `'sad'`)}`,
    first: 'glad',
    value: 'calm',
    right: 'calm',
    make: `create domain mood as text check (value = 'glad')`,
    undo: 'drop domain mood',
  },
]

describe('from the first request after a change, on every session of every proxy', () => {
  for (const form of Object.keys(FORMS) as Form[]) {
    for (const { what, type, change, first, value, right, make = '', undo = '' } of CASES) {
      test(`${what} (${form})`, async () => {
        const insert = 'insert into due (v) values ($1) returning v::text as v'
        const find = 'select v::text as v from due where v = $1'
        const upsert =
          'insert into due (v) values ($1) on conflict (id) do update set v = $1 returning v::text as v'
        const empty = () => proxy.asOwner('delete from due')
        await proxy.asOwner(`${make}; set timezone = 'UTC';
          create table due (id int generated always as identity primary key, v ${type});
          grant select, insert, update on due to authenticated`)
        try {
          for (const query of [insert, upsert, find]) {
            for (let i = 0; i < 2; i++) {
              for (const one of await everywhere(form, { query, params: [first] })) rowsOf(one)
            }
          }
          await empty()
          await proxy.asOwner(change)
          for (const query of [insert, upsert]) {
            const answers = await everywhere(form, { query, params: [value] })
            const stored = answers.map((answer) => rowsOf(answer)[0]?.v)
            assert.deepEqual(new Set(stored), new Set([right]), query)
          }
          const read = await proxy.asOwner('select distinct v::text as v from due')
          assert.deepEqual(read, [{ v: right }])
          for (const answer of await everywhere(form, { query: find, params: [value] })) {
            assert.equal(rowsOf(answer).length, 4 * AT_ONCE)
          }
        } finally {
          await proxy.asOwner(`drop table due; ${undo}`)
        }
      })
    }
  }

  const shapes = [
    { what: 'a table that was dropped and created', change: 'drop table due; CREATE' },
    { what: 'a column that was renamed', change: 'alter table due rename column w to u' },
    { what: 'a column that was dropped', change: 'alter table due drop column w' },
    {
      what: 'a table that another has replaced',
      change: 'alter table due rename to done; CREATE; drop table done',
    },
  ]
  for (const form of Object.keys(FORMS) as Form[]) {
    for (const { what, change } of shapes) {
      test(`${what} is described as it is now (${form})`, async () => {
        const create =
          'create table due (v int, w int); grant select on due to authenticated; insert into due values (1, 2)'
        await proxy.asOwner(create)
        try {
          const query = 'select * from due'
          for (let i = 0; i < 2; i++) await everywhere(form, { query })
          await proxy.asOwner(change.replace('CREATE', create))
          const answers = await everywhere(form, { query })
          const [{ oid } = { oid: '' }] = await proxy.asOwner(
            `select 'due'::regclass::oid::int as oid`,
          )
          const columns = await proxy.asOwner(
            `select attname as name from pg_attribute where attrelid = 'due'::regclass and attnum > 0 and not attisdropped order by attnum`,
          )
          for (const answer of answers) {
            assert.deepEqual(
              fieldsOf(answer).map(({ name, tableID }) => ({ name, tableID })),
              columns.map(({ name }) => ({ name, tableID: oid })),
            )
          }
        } finally {
          await proxy.asOwner('drop table due')
        }
      })
    }
  }

  test('a schema whose USAGE was revoked is closed', async () => {
    await proxy.asOwner(`create schema side; create table side.due (v int);
      grant usage on schema side to authenticated; grant select on side.due to authenticated`)
    try {
      const query = 'select v from side.due'
      for (let i = 0; i < 2; i++) await everywhere('single', { query })
      await proxy.asOwner('revoke usage on schema side from authenticated')
      for (const { json } of await everywhere('single', { query })) assert.equal(json.code, '42501')
    } finally {
      await proxy.asOwner('drop schema side cascade')
    }
  })
})

/** Runs on a separate connection, in a transaction that stays open. */
async function changing(change: string): Promise<Client> {
  const owner = new Client({ connectionString: proxy.ownerUrl })
  await owner.connect()
  await owner.query(`begin; ${change}`)
  return owner
}

const WAITING = `select pid from pg_stat_activity where wait_event_type = 'Lock' and application_name = 'sql-proxy'`

async function untilWaiting(count: number): Promise<void> {
  await until(async () => (await proxy.asOwner(WAITING)).length >= count)
}

describe('a request that waits for the table while it is changed', () => {
  for (const isolation of [undefined, 'RepeatableRead']) {
    for (const form of isolation === undefined
      ? (['single', 'batch'] as const)
      : (['batch'] as const)) {
      test(`stores what a fresh statement stores (${form}, ${isolation ?? 'default'})`, async () => {
        await proxy.asOwner(`set timezone = 'UTC'; create table due (v timestamp);
          grant select, insert on due to authenticated`)
        const query = 'insert into due values ($1) returning v::text as v'
        const request = FORMS[form]({ query, params: ['2026-01-01T12:00:00+05:00'] })
        const headers: Record<string, string> =
          isolation === undefined ? {} : { 'neon-batch-isolation-level': isolation }
        const send = () => proxy.post(request, { headers })
        try {
          for (let i = 0; i < 2; i++) await Promise.all(Array.from({ length: AT_ONCE }, send))
          const owner = await changing(
            `delete from due; alter table due alter column v type timestamptz`,
          )
          const answers = [send(), send()]
          await untilWaiting(2)
          await owner.query('commit')
          await owner.end()
          for (const answer of await Promise.all(answers)) {
            assert.deepEqual(rowsOf(answer), [{ v: '2026-01-01 07:00:00+00' }])
          }
        } finally {
          await proxy.asOwner('drop table due')
        }
      })
    }
  }

  test('reads what a fresh statement reads', async () => {
    await proxy.asOwner(`set timezone = 'UTC'; create table due (v timestamp);
      grant select on due to authenticated; insert into due values ('2026-01-01 07:00')`)
    const body = {
      query: 'select v::text as v from due where v = $1',
      params: ['2026-01-01T12:00:00+05:00'],
    }
    try {
      for (let i = 0; i < 20; i++) await everywhere('single', body)
      const owner = await changing('alter table due alter column v type timestamptz')
      const answers = Array.from({ length: AT_ONCE }, () => proxy.post(body))
      await untilWaiting(1)
      await owner.query('commit')
      await owner.end()
      for (const answer of await Promise.all(answers)) assert.equal(rowsOf(answer).length, 1)
    } finally {
      await proxy.asOwner('drop table due')
    }
  })
})

test('with several processes, in each of them', async () => {
  const program = startProgram({ ...proxy.variables, PROXY_WORKERS: '2' })
  try {
    const sqlUrl = `${await program.url()}/sql`
    await proxy.asOwner(`create table due (v float4); grant select, insert on due to authenticated`)
    const query = 'insert into due values ($1) returning v::text as v'
    const token = await proxy.issuer.token('alice')
    // Separate connections, or one process would get all requests.
    const send = () =>
      Promise.all(
        Array.from({ length: 16 }, () =>
          proxy.post(
            { query, params: ['0.1'] },
            { sqlUrl, token, headers: { connection: 'close' } },
          ),
        ),
      )
    for (let i = 0; i < 3; i++) await send()
    await proxy.asOwner('alter table due alter column v type float8; delete from due')
    await send()
    assert.deepEqual(await proxy.asOwner('select distinct v::text as v from due'), [{ v: '0.1' }])
  } finally {
    await proxy.asOwner('drop table if exists due')
    program.child.kill('SIGKILL')
    await program.ended
  }
})

test('a long answer, sent before its end is known, is correct as well', async () => {
  await proxy.asOwner(`create table due (v int, w text); grant select on due to authenticated;
    insert into due select i, repeat('x', 30) from generate_series(1, 50000) as i`)
  const query = 'select v, w from due'
  try {
    const send = () => Promise.all(Array.from({ length: SESSIONS }, () => proxy.post({ query })))
    for (let i = 0; i < 2; i++) await send()
    await proxy.asOwner(`alter table due alter column v type text`)
    for (const answer of await send()) {
      assert.equal(rowsOf(answer).length, 50_000)
      assert.equal(fieldsOf(answer)[0]?.dataTypeID, 25)
    }
  } finally {
    await proxy.asOwner('drop table due')
  }
})

test('a function that SQL reaches without naming it stops the service immediately', async () => {
  const request = { query: 'select body from memos where body = $1', params: ['x'] }
  for (let i = 0; i < 2; i++) await everywhere('single', request)
  await proxy.asOwner(`create function public.lower(int) returns int language sql as 'select 1'`)
  try {
    for (const { json } of await everywhere('single', request)) {
      assert.equal(
        json.message?.toString().includes('no request is served'),
        true,
        String(json.message),
      )
    }
  } finally {
    await proxy.asOwner('drop function public.lower(int)')
  }
})

describe('functions in PL/pgSQL, which keep the types of their variables', () => {
  const functions = [
    {
      what: 'called in SQL',
      make: `create function keep(a text) returns text language plpgsql as $$
        declare x due.v%type := a; begin insert into due (v) values (x); return x::text; end $$`,
      query: 'select public.keep($1) as v',
    },
    {
      what: 'of a trigger',
      make: `create function keep() returns trigger language plpgsql as $$
        declare x due.v%type := new.w; begin new.v = x; return new; end $$;
        create trigger keep before insert on due for each row execute function keep()`,
      query: 'insert into due (w) values ($1) returning v::text as v',
    },
  ]
  let sqlUrl: string
  before(async () => {
    ;({ sqlUrl } = await proxy.another({ env: { ...env, PROXY_FUNCTIONS: 'public.keep' } }))
  })

  const repeatable = { 'neon-batch-isolation-level': 'RepeatableRead' }
  for (const { what, make, query } of functions) {
    for (const [form, headers] of [
      ['single', {}],
      ['batch', {}],
      ['batch', repeatable],
    ] as const) {
      test(`${what} (${form}${headers === repeatable ? ', RepeatableRead' : ''})`, async () => {
        await proxy.asOwner(`set timezone = 'UTC'; create table due (v timestamp, w text);
          grant select, insert on due to authenticated; ${make}`)
        const request = FORMS[form]({ query, params: ['2026-01-01T12:00:00+05:00'] })
        const send = () =>
          Promise.all(
            Array.from({ length: AT_ONCE }, () => proxy.post(request, { sqlUrl, headers })),
          )
        try {
          for (let i = 0; i < 2; i++) for (const one of await send()) rowsOf(one)
          await proxy.asOwner('delete from due; alter table due alter column v type timestamptz')
          for (const answer of await send()) {
            assert.deepEqual(rowsOf(answer), [{ v: '2026-01-01 07:00:00+00' }])
          }
        } finally {
          await proxy.asOwner('drop table due; drop function keep')
        }
      })
    }
  }
})

test('effects outside the transaction happen once', async () => {
  await proxy.asOwner(`create sequence turns; create function twice(i int) returns bigint
    language sql volatile security definer set search_path = public as $$ select nextval('turns') $$;
    create table due (id int)`)
  const env = { PROXY_FUNCTIONS: 'public.twice', PROXY_POOL_SIZE: '1' }
  const { sqlUrl } = await proxy.another({ env })
  const next = async () => {
    const posted = await proxy.post(
      { query: 'select public.twice($1)::int as n', params: ['1'] },
      { sqlUrl },
    )
    return rowsOf(posted)[0]?.n
  }
  try {
    assert.deepEqual([await next(), await next()], [1, 2])
    await proxy.asOwner('alter table due add column v int')
    assert.equal(await next(), 3)
  } finally {
    await proxy.asOwner('drop table due; drop function twice(int); drop sequence turns')
  }
})
