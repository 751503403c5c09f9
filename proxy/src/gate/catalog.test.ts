import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { isCatalogQuery } from './catalog'
import { createParser, type Parser } from './parser'

let parser: Parser
before(async () => {
  parser = await createParser()
})

const queries = [
  `select c.oid, n.nspname from pg_catalog.pg_class c left join pg_catalog.pg_namespace n on n.oid = c.relnamespace
    where c.relname operator(pg_catalog.~) '^(memos)$' collate pg_catalog.default and pg_catalog.pg_table_is_visible(c.oid)`,
  `select pg_catalog.format_type(a.atttypid, a.atttypmod) from pg_catalog.pg_attribute a where a.attnum > 0`,
  `select x from pg_catalog.pg_class c, pg_catalog.unnest(c.reloptions) x`,
  `select 'pg_class'::pg_catalog.regclass::pg_catalog.text, count(*) from pg_catalog.pg_class`,
]
for (const sql of queries) {
  test(`a catalog query: ${sql.slice(0, 60)}`, async () => {
    assert.equal(await isCatalogQuery(parser, sql), true)
  })
}

const others = [
  'select * from pg_catalog.pg_class',
  'select c from pg_catalog.pg_class c',
  'select c::text from pg_catalog.pg_class c',
  'select pg_class from pg_catalog.pg_class',
  'select s from (select relname from pg_catalog.pg_class) s',
  'select c.* from pg_catalog.pg_class c',
  'select (c).reltuples from pg_catalog.pg_class c',
  'select reltuples from pg_catalog.pg_class',
  'select c.relpages from pg_catalog.pg_class c',
  'select 1 from pg_catalog.pg_class order by reltuples',
  'select xmin from pg_catalog.pg_class',
  'select rolpassword from pg_catalog.pg_roles',
  'select relname from pg_class -- pg_catalog.',
  'select 1 from pg_catalog.pg_class, memos',
  'select 1 from pg_catalog.pg_class, public.memos',
  'select 1 from pg_catalog.pg_authid',
  'select 1 from pg_catalog.pg_stats',
  'select 1 from pg_catalog.pg_statistic',
  'select 1 from pg_catalog.pg_stat_activity',
  'select 1 from pg_catalog.pg_locks',
  'select pg_catalog.pg_sleep(1)',
  'select pg_catalog.set_config(relname, relname, true) from pg_catalog.pg_class',
  'select pg_catalog.pg_relation_size(oid) from pg_catalog.pg_class',
  'select pg_catalog.pg_stat_get_live_tuples(oid) from pg_catalog.pg_class',
  `select pg_catalog.query_to_xml('select 1', true, true, '') from pg_catalog.pg_class`,
  'select public.f(oid) from pg_catalog.pg_class',
  'select c.pg_sleep from pg_catalog.pg_class c',
  'select 1::pg_catalog.xid from pg_catalog.pg_class',
  'select relname into mine from pg_catalog.pg_class',
  'select 1 from pg_catalog.pg_class for update',
  'with d as (delete from pg_catalog.pg_class returning oid) select 1 from pg_catalog.pg_class',
  'select 1 from pg_catalog.pg_class; select 1 from pg_catalog.pg_class',
  'insert into memos (body) select relname from pg_catalog.pg_class',
  'table pg_catalog.pg_class',
  `select string_agg(a.relname, '') like string_agg(b.relname, '') from pg_catalog.pg_class a, pg_catalog.pg_class b`,
  `select 1 from (select string_agg(relname, '') as t from pg_catalog.pg_class) s where s.t ~ s.t`,
]
for (const sql of others) {
  test(`not a catalog query: ${sql}`, async () => {
    assert.equal(await isCatalogQuery(parser, sql), false)
  })
}
