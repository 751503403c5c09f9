/** Functions of the owner that SQL reaches without naming them, and how often they run. */
import assert from 'node:assert/strict'
import { after, afterEach, before, describe, test } from 'node:test'
import { Client } from 'pg'
import { createGate } from '../../src/gate/gate'
import { startTestProxy, type OneProxy, type TestProxy } from '../testing/proxy'

let proxy: TestProxy
before(async () => {
  proxy = await startTestProxy()
  await proxy.asOwner('create table tapped (at timestamptz default now())')
  await proxy.asOwner(`insert into memos (user_id, body) values ('alice', 'a'), ('bob', 'b')`)
})
after(() => proxy.stop())
afterEach(() => proxy.asOwner('delete from tapped'))

/** SQL for a function with the given argument types that does something only its owner may. */
const tap = (signature: string, returns = 'int', result = '1') =>
  `create function ${signature} returns ${returns} language plpgsql volatile security definer
    as $$ begin insert into tapped default values; return ${result}; end $$`
const reader = (signature: string, returns = 'int', result = '1') =>
  `create function ${signature} returns ${returns} language sql stable return ${result}`

type Case = {
  readonly make: readonly string[]
  readonly undo: readonly string[]
  /** Bob's statement, which passes the gate. */
  readonly call: string
  /** The entry that allows it; undefined if none does. */
  readonly functions?: string
}

const drop = (name: string) => [`drop function ${name} cascade`]
const CASES: readonly Case[] = [
  {
    make: [tap('public.round(memos)')],
    undo: drop('round(memos)'),
    call: 'select round(t) from memos t',
    functions: 'public.round',
  },
  {
    make: [tap('public.round(memos)')],
    undo: drop('round(memos)'),
    call: 'select t.round from memos t',
    functions: 'public.round',
  },
  {
    make: [tap('public.round(memos)')],
    undo: drop('round(memos)'),
    call: 'select (t).round from memos t',
    functions: 'public.round',
  },
  {
    make: [tap('public.round(text)')],
    undo: drop('round(text)'),
    call: `select round(body) from memos`,
    functions: 'public.round',
  },
  {
    make: [tap('public.abs(text)')],
    undo: drop('abs(text)'),
    call: `select abs(body) from memos`,
    functions: 'public.abs',
  },
  {
    make: [tap('public.lower(int, int default 1)')],
    undo: drop('lower(int, int)'),
    call: `select lower(5)`,
    functions: 'public.lower',
  },
  {
    make: [tap('public.lower(variadic int[])')],
    undo: drop('lower(int[])'),
    call: `select lower(5, 6)`,
    functions: 'public.lower',
  },
  {
    make: [tap('public.concat(text, text)')],
    undo: drop('concat(text, text)'),
    call: `select concat('a'::text, 'b'::text)`,
    functions: 'public.concat',
  },
  {
    make: [tap('public.upper(anyelement)')],
    undo: drop('upper(anyelement)'),
    call: `select upper(1)`,
    functions: 'public.upper',
  },
  {
    make: [
      tap('public.unnest(memos)', 'setof int', 'next 1').replace('return next 1', 'return next 1'),
    ],
    undo: drop('unnest(memos)'),
    call: 'select * from memos t, unnest(t) u',
    functions: 'public.unnest',
  },
  {
    make: [
      tap('public.tap_step(int, memos)'),
      'create aggregate public.sum(memos) (sfunc = tap_step, stype = int, initcond = 0)',
    ],
    undo: drop('tap_step(int, memos)'),
    call: 'select sum(t) from memos t',
    functions: 'public.sum',
  },
  // Any name, as an attribute of a row.
  {
    make: [tap('public.touch(memos)')],
    undo: drop('touch(memos)'),
    call: 'select t.touch from memos t',
    functions: 'public.touch',
  },
  {
    make: [tap('public.touch(memos, int default 1)')],
    undo: drop('touch(memos, int)'),
    call: 'select t.touch from memos t',
    functions: 'public.touch',
  },
  {
    make: [tap('public.touch(anyelement)')],
    undo: drop('touch(anyelement)'),
    call: 'select t.touch from memos t',
    functions: 'public.touch',
  },
  {
    make: [tap('public.touch(record)')],
    undo: drop('touch(record)'),
    call: 'select s.touch from (select 1) s',
    functions: 'public.touch',
  },
  // Operators, including those implied by the grammar.
  {
    make: [
      tap('public.touch(memos, memos)', 'bool', 'true'),
      'create operator public.= (leftarg = memos, rightarg = memos, function = touch)',
    ],
    undo: drop('touch(memos, memos)'),
    call: 'select t = t from memos t',
  },
  {
    make: [
      tap('public.touch(text, int)', 'bool', 'true'),
      'create operator public.= (leftarg = text, rightarg = int, function = touch)',
    ],
    undo: drop('touch(text, int)'),
    call: 'select body in (1, length(body)) from memos',
  },
  {
    make: [
      tap('public.touch(text, int)', 'bool', 'true'),
      'create operator public.~~ (leftarg = text, rightarg = int, function = touch)',
    ],
    undo: drop('touch(text, int)'),
    call: 'select body like 1 from memos',
  },
  {
    make: [
      tap('public.touch(text)', 'bool', 'true'),
      'create operator public.@#@ (rightarg = text, function = touch)',
    ],
    undo: drop('touch(text)'),
    call: 'select @#@ body from memos',
  },
  {
    make: [
      reader('public.peek(text)', 'bool', 'true'),
      'create operator public.@#@ (rightarg = text, function = peek)',
    ],
    undo: drop('peek(text)'),
    call: 'select @#@ body from memos',
    functions: 'public.peek:stable',
  },
  // Casts, explicit and implicit.
  {
    make: [
      tap('public.touch(memos)', 'int'),
      'create cast (memos as int) with function touch(memos)',
    ],
    undo: drop('touch(memos)'),
    call: 'select t::int from memos t',
  },
  {
    make: [
      tap('public.touch(memos)', 'int'),
      'create cast (memos as int) with function touch(memos) as implicit',
    ],
    undo: drop('touch(memos)'),
    call: 'select abs(t) from memos t',
  },
  {
    make: [
      tap('other.touch(memos)', 'int'),
      'create cast (memos as int) with function other.touch(memos)',
    ],
    undo: drop('other.touch(memos)'),
    call: 'select t::int from memos t',
  },
  {
    make: [
      reader('other.peek(memos)'),
      'create cast (memos as int) with function other.peek(memos)',
    ],
    undo: drop('other.peek(memos)'),
    call: 'select t::int from memos t',
    functions: 'other.peek',
  },
  // A built-in function that the gate refuses, under another name.
  {
    make: [
      'create operator public.@#@ (leftarg = text, rightarg = int, function = pg_catalog.repeat)',
    ],
    undo: ['drop operator public.@#@ (text, int)'],
    call: `select 'a'::text @#@ 3`,
    functions: 'pg_catalog.repeat',
  },
]

async function refusal({ sqlUrl, url }: OneProxy, sql = 'select 1 as one') {
  const { headers, json, text } = await proxy.post(
    { query: sql },
    { sqlUrl, token: await proxy.issuer.token('bob') },
  )
  const ready = await (await fetch(`${url}/readyz`)).text()
  return { code: headers.get('proxy-error-code'), rows: json.rows, text, ready }
}

async function runsAsUser(sql: string): Promise<void> {
  const client = new Client({ connectionString: proxy.authenticatorUrl })
  await client.connect()
  try {
    await client.query('begin')
    await client.query(`select set_config('role', 'authenticated', true)`)
    await client.query(sql)
    await client.query('commit')
  } finally {
    await client.end()
  }
}

describe('an unlisted function that SQL can reach stops the proxy from serving anything', () => {
  before(() => proxy.asOwner('create schema other'))
  for (const { make, undo, call, functions } of CASES) {
    test(`${make.at(-1)?.split(' language')[0] ?? ''}: ${call}`, async () => {
      const gate = await createGate()
      for (const sql of make) await proxy.asOwner(sql)
      try {
        // The attack, which neither the gate nor the roles prevent.
        await gate(call)
        await runsAsUser(call)
        const another = await proxy.another({})
        const { code, ready } = await refusal(another, call)
        assert.equal(code, 'database_unsafe')
        assert.match(ready, /any SQL may (call|use)/)
        await another.close()
        if (functions === undefined) return
        const listing = await proxy.another({ env: { PROXY_FUNCTIONS: functions } })
        const listed = await refusal(listing, call)
        assert.ok(listed.rows, listed.text)
        await listing.close()
      } finally {
        for (const sql of undo) await proxy.asOwner(sql)
      }
    })
  }
})

/** [what the owner creates, and drops] */
const HARMLESS: readonly (readonly [make: string, undo: string])[] = [
  [
    'create function public.lower(text) returns text language sql return 1',
    'drop function public.lower(text)',
  ],
  [tap('public.touch(int)'), 'drop function touch(int)'],
  [tap('public.touch(memos, int)'), 'drop function touch(memos, int)'],
  [
    'create function public.left() returns trigger language plpgsql as $$ begin return new; end $$',
    'drop function public.left()',
  ],
  [
    'create function other.round(memos) returns int language sql return 1',
    'drop function other.round(memos)',
  ],
  ['create domain public.short as text check (length(value) < 5)', 'drop domain public.short'],
]

test('an unreachable function does not', async () => {
  for (const [make, undo] of HARMLESS) {
    await proxy.asOwner(make)
    const another = await proxy.another({})
    assert.deepEqual((await refusal(another)).rows, [{ one: 1 }], make)
    await another.close()
    await proxy.asOwner(undo)
  }
  await proxy.asOwner(tap('public.round(memos)'))
  await proxy.asOwner('revoke execute on function round(memos) from public')
  const another = await proxy.another({})
  assert.deepEqual((await refusal(another)).rows, [{ one: 1 }])
  await proxy.asOwner('drop function round(memos)')
})

test('one that is created while the proxy runs is noticed, and so is its removal', async () => {
  const another = await proxy.another({})
  assert.deepEqual((await refusal(another)).rows, [{ one: 1 }])
  await proxy.asOwner(tap('public.round(memos)'))
  const until = async (isThere: boolean) => {
    for (;;) {
      const { ready, code } = await refusal(another)
      if (ready.includes('public.round') === isThere) return code
    }
  }
  assert.equal(
    await until(true)
      .then(() => refusal(another))
      .then(({ code }) => code),
    'database_unsafe',
  )
  await proxy.asOwner('drop function round(memos)')
  await until(false)
  assert.deepEqual((await refusal(another)).rows, [{ one: 1 }])
})

test('naming an extension once allows its operators and casts', async () => {
  const available = await proxy.asOwner(
    `select name from pg_available_extensions where name = 'citext'`,
  )
  if (available.length === 0) return
  await proxy.asOwner('create extension citext')
  try {
    const { code, ready } = await refusal(await proxy.another({}))
    assert.equal(code, 'database_unsafe')
    assert.match(ready, /name its extension in PROXY_EXTENSIONS \(citext\)/)
    const named = await proxy.another({ env: { PROXY_EXTENSIONS: 'citext' } })
    assert.deepEqual((await refusal(named)).rows, [{ one: 1 }])
  } finally {
    await proxy.asOwner('drop extension citext')
  }
})

test('a function that is declared stable but is volatile is found', async () => {
  await proxy.asOwner(tap('public.touch(int)'))
  const env = { PROXY_FUNCTIONS: 'public.touch:stable' }
  const { code, ready } = await refusal(await proxy.another({ env }))
  assert.equal(code, 'database_unsafe')
  assert.match(
    ready,
    /PROXY_FUNCTIONS calls public.touch\(integer\) stable, and Postgres calls it volatile/,
  )
  await proxy.asOwner('drop function touch(int)')
})

test('a volatile function runs once for each request, however it is reached', async () => {
  await proxy.asOwner(tap('public.touch(memos)'))
  await proxy.asOwner(tap('public.round(memos)'))
  await proxy.asOwner(
    'create view touched as select touch(t) from memos t where user_id = auth.user_id()',
  )
  await proxy.asOwner('grant select on touched to authenticated')
  try {
    const gate = await createGate(['public.touch', 'public.round'])
    for (const sql of [
      'select public.touch(t) from memos t',
      'select t.touch from memos t',
      'select round(t) from memos t',
      'select t.round from memos t',
      'select (t).round from memos t',
      'with x as (select t.round from memos t) select * from x',
    ]) {
      const { leavesState, isRead } = await gate(sql)
      assert.deepEqual({ leavesState, isRead }, { leavesState: true, isRead: false }, sql)
    }
    const env = { PROXY_FUNCTIONS: 'public.touch,public.round', PROXY_POOL_SIZE: '1' }
    const another = await proxy.another({ env: { ...env, PROXY_MAX_IN_FLIGHT_PER_USER: '100' } })
    const [alice, bob] = [await proxy.issuer.token('alice'), await proxy.issuer.token('bob')]
    const send = async (query: string, ...params: number[]) => {
      // Two users, because a user is not pipelined behind their own statement.
      const token = params.length > 0 ? alice : bob
      const { status } = await proxy.post({ query, params }, { sqlUrl: another.sqlUrl, token })
      return status
    }
    // Quick at first, then slow: the reads behind it are released and run again.
    const hold = 'select count(*) from generate_series(1, $1::int)'
    for (const sql of ['select t.touch from memos t', 'select * from touched']) {
      await proxy.asOwner('delete from tapped')
      for (let i = 0; i < 15; i++)
        assert.deepEqual([await send(hold, 1), await send(sql)], [200, 200])
      let sent = 15
      for (let round = 0; round < 10; round++) {
        const all = [send(hold, 400_000), send(sql)]
        assert.deepEqual(await Promise.all(all), [200, 200])
        sent += 1
        for (let i = 0; i < 15; i++) await send(hold, 1)
      }
      const [{ n } = {}] = await proxy.asOwner('select count(*)::int as n from tapped')
      assert.equal(n, sent, sql)
    }
  } finally {
    await proxy.asOwner('drop function touch(memos) cascade')
    await proxy.asOwner('drop function round(memos)')
  }
})
