import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { startArena, type Arena } from '../testing/arena'

let arena: Arena
before(async () => {
  arena = await startArena()
})
after(() => arena.proxy.stop())

const refusal = async (sql: string) =>
  (await arena.bob(arena.gated, sql)).headers.get('proxy-error-code')

describe('however a statement is written, the gate sees what Postgres would run', () => {
  const disguised = [
    `SeLeCt SET_CONFIG('a', 'b', TRUE)`,
    `select/**/set_config('a.b', 'c', true)`,
    `select /* a /* nested */ comment */ set_config('a.b', 'c', true)`,
    `select /* ' */ set_config('a.b', 'c', true) /* ' */`,
    `select -- ' \n set_config('a.b', 'c', true)`,
    `select --\r set_config('a.b', 'c', true)`,
    `select\u000bset_config\f('a.b', 'c', true)`,
    `select "set_config"('a.b', 'c', true)`,
    `select U&"set\\005fconfig"('a.b', 'c', true)`,
    `select U&"s\\+000065t_config"('a.b', 'c', true)`,
    `select U&"set!005fconfig" UESCAPE '!' ('a.b', 'c', true)`,
    `select u&"\\0073et_config" ('a.b', 'c', true)`,
    `select pg_catalog . set_config ('a.b', 'c', true)`,
    `select "pg_catalog" . U&"set_c\\006fnfig" ('a.b', 'c', true)`,
    `select pg_catalog./*.*/set_config('a.b', 'c', true)`,
    `select set_config(setting_name => 'a.b', new_value => 'c', is_local => true)`,
    `select set_config(variadic array['a'])`,
    `select $$ \\' $$, set_config('a.b', 'c', true), $a$ ' $a$`,
    `select $q$ -- $q$, set_config('a.b', 'c', true)`,
    `select E'\\'', set_config('a.b', 'c', true), '\\'`,
    `select E'\\\\', set_config('a.b', 'c', true), ''''`,
    `select '\\', set_config('a.b', 'c', true), '\\'`,
    `select U&'\\0027', set_config('a.b', 'c', true), U&'\\0027'`,
    `select N'x', set_config('a.b', 'c', true)`,
    `select B'0', X'0', set_config('a.b', 'c', true)`,
    `select 'a'\n'b', set_config('a.b', 'c', true)`,
    `select 1e0, 0x1f, 0b1, 1_000, set_config('a.b', 'c', true)`,
    `select x.set_config from unnest(array['a']) x`,
    `select (x).pg_sleep from generate_series(1, 1) x`,
    `select (0).pg_sleep`,
    `select ('work_mem').current_setting`,
    `select * from pg_class`,
    `select * from "pg_class"`,
    `select * from U&"pg\\005fclass"`,
    `select * from only pg_catalog . "pg_class" *`,
    `with x as (table pg_class) table x`,
    `select * from memos join pg_class on true`,
    `insert into pg_class default values`,
    `update pg_class set relname = ''`,
    `merge into pg_class using memos on true when matched then do nothing`,
    `select 'pg_class'::regclass`,
    `select regclass 'pg_class'`,
    `select cast('pg_class' as pg_catalog.regclass)`,
    `select array['pg_class']::regclass[]`,
    `select 'x'::_regclass`,
    `explain select 1`,
    `EXPLAIN (ANALYZE) DELETE FROM memos`,
    `/**/ reset /**/ role`,
    `\ufeffreset role`,
    `select 1;select 2`,
    `select 1 /*;*/ ; reset role --`,
    `select 1;;;; reset role`,
    `select '\u0000'; reset role`,
    `select 1 \u0000 + set_config('a', 'b', true)`,
    `select 'unfinished`,
    `select /* unfinished`,
    `select $a$ unfinished $b$`,
    `select "unfinished`,
    `select U&'\\d800'`,
    `select E'\\x00'`,
    `select U&"\\zzzz"`,
    `\\d memos`,
    `select 1 \\gexec`,
  ]
  for (const sql of disguised) {
    test(JSON.stringify(sql), async () => {
      assert.match((await refusal(sql)) ?? 'let through', /^statement_(refused|syntax)$/)
      await arena.assertUnharmed(await arena.bob(arena.open, sql))
    })
  }
})

test('statements that only look dangerous pass', async () => {
  for (const sql of [
    `select 'set_config(''a'', ''b'', true)' as x`,
    `select 1 -- ; reset role`,
    `select /* reset role; */ 1`,
    `select $$; drop table memos$$ as x`,
    `select E'\\'; reset role --' as x`,
    `select 1 as "reset role", 2 as "pg_sleep"`,
    `;;;`,
    ``,
    `-- nothing`,
  ]) {
    const told = await arena.bob(arena.gated, sql)
    assert.equal(told.status, 200, `${sql} ${told.text}`)
  }
})

test('a NUL, a lone surrogate and a parameter full of either get an answer that is an error or a value', async () => {
  for (const body of [
    { query: 'select 1 \u0000' },
    { query: 'select $1::text as x', params: ['a\u0000b'] },
    { query: `select '\ud800' as x` },
    { query: 'select $1::text as x', params: ['\udfff'] },
    { query: 'select $1::jsonb as x', params: [{ '\u0000': '\u0000' }] },
    { query: 'select $1::text[] as x', params: [['\u0000', '\ud800"\\{,}']] },
  ]) {
    for (const { sqlUrl } of [arena.gated, arena.open]) {
      const told = await arena.proxy.post(body, { sqlUrl })
      assert.ok([200, 400].includes(told.status), told.text)
      assert.equal((await arena.bob({ sqlUrl }, 'select 1')).status, 200)
    }
  }
})
