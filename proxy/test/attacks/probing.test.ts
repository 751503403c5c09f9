import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { CANARY, startArena, type Arena, type Door } from '../testing/arena'

/** Each would reveal something about Alice's row if it were evaluated before the policy. */
const probes = [
  `select * from memos`,
  `table memos`,
  `select t, t::text, row_to_json(t), to_jsonb(t), json_agg(t) from memos t group by t.*`,
  `select string_agg(body, ','), count(*), max(body), min(inserted_at) from memos`,
  `select * from memos where user_id = 'alice'`,
  `select * from memos where 1 / (case when body like '%canary%' then 0 else 1 end) = 1`,
  `select * from memos where case when body like 'a%' then 1 / 0 = 1 else true end`,
  `select 1 from memos where 1 / (length(body) - length('alice keeps a canary')) > 0`,
  `select cast(body as int) from memos`,
  `select * from memos where body::int = 1`,
  `select * from memos where (body::json) is not null`,
  `select * from memos where ('x' || body)::uuid is null`,
  `select * from memos where body::timestamptz > now()`,
  `select * from memos where body::inet is null or body::money is null or body::bytea is null`,
  `select * from memos where to_number(body, '9') > 0 or to_date(body, 'YYYY') is null`,
  `select * from memos where to_tsquery(body || ' & ((') is null`,
  `select * from memos where 'x' ~ (body || '(')`,
  `select * from memos where 'x' similar to body || '(' or 'x' like body || '\\'`,
  `select * from memos where jsonb_path_query_first('{}', ('$' || body)::jsonpath) is null`,
  `select * from memos where decode(body, 'hex') is null or convert_from(body::bytea, 'utf8') is null`,
  `select * from memos where chr(-length(body)) = 'x'`,
  `select * from memos where substring(body from 1 for -1) = 'x' or split_part(body, 'a', 0) = 'x'`,
  `select * from memos where (array[1])[body::int] = 1`,
  `select * from memos where body::varchar(3)::int = 0 or body::bpchar::bit(3) is null`,
  `select * from memos where numeric '10' ^ (length(body) * 1000000) > 0`,
  `select * from memos where factorial(-length(body)) > 0 or sqrt(-length(body)) > 0`,
  `select * from memos where body > 'a' and body < 'b' and 1 / 0 = 1`,
  `select * from memos where user_id >= 'alice' and ascii(user_id)::text::date is null`,
  `select * from memos a join memos b on 1 / (length(a.body) - 20) = length(b.body)`,
  `select * from (values (1)) v left join memos t on 1 / (case when t.body is null then 1 else 0 end) = 1`,
  `select (select 1 / (length(body) - ${CANARY.length}) from memos limit 1)`,
  `select * from (select * from memos offset 0) s where s.body::int = 1`,
  `with t as not materialized (select * from memos) select * from t where body::int = 1`,
  `with t as materialized (select * from memos) select * from t where body::int = 1`,
  `select count(*) from memos having 1 / count(*) > 0`,
  `select * from memos order by 1 / (length(body) - ${CANARY.length})`,
  `select * from memos order by body collate "C" using operator(pg_catalog.~<~)`,
  `select lag(body) over (order by user_id), first_value(body) over () from memos`,
  `select * from memos, lateral (select body::int) x`,
  `select distinct on (body::int) body from memos`,
  `select body from memos union all select user_id from memos`,
  `select body from memos intersect values ('alice keeps a canary')`,
  `select 'x' where 'alice keeps a canary' in (select body from memos)`,
  `select 'alice keeps a ' || 'x' where exists (select from memos where body like 'alice%')`,
  `select * from memos for update`,
  `select * from memos for key share skip locked`,
  `with recursive r as (select body from memos union select body || 'x' from r where length(body) < 30) select * from r`,
  `update memos set body = 'stolen'`,
  `update memos set body = 'stolen' where 1 / (length(body) - ${CANARY.length}) > 0 returning *`,
  `update memos set body = body::int::text`,
  `update memos t set body = o.body from memos o where o.user_id = 'alice' returning t.*, o.*`,
  `update memos set is_archived = true returning old.body, new.body`,
  `update memos set user_id = 'bob'`,
  `update memos set (body, is_archived) = (select body, true from memos limit 1)`,
  `delete from memos`,
  `delete from memos where body::int = 1 returning *`,
  `delete from memos using memos o where o.body like '%canary%'`,
  `insert into memos (user_id, body) values ('alice', 'planted')`,
  `insert into memos (user_id, body) select 'alice', 'planted' returning *`,
  `insert into memos (body) select body from memos where user_id = 'alice' returning *`,
  `insert into memos (id, body) select id, 'x' from memos on conflict (id) do update set body = 'stolen' returning memos.*, excluded.*`,
  `insert into memos (body) values ((select body from memos where user_id = 'alice')) returning *`,
  `merge into memos t using (values ('alice')) s (u) on t.user_id = s.u when matched then update set body = 'stolen' when not matched then insert (body) values ('bobs')`,
  `merge into memos t using memos s on true when matched then delete returning merge_action(), old.*, t.*`,
  `merge into memos t using (values (1)) s (a) on 1 / (length(body) - ${CANARY.length}) = a when not matched by source then delete`,
]

let arena: Arena
before(async () => {
  arena = await startArena()
})
after(() => arena.proxy.stop())

/** Restores Bob's todo, and Alice's if she has one, before each attempt. */
async function layOut(isAliceThere: boolean): Promise<void> {
  const { asOwner } = arena.proxy
  await asOwner('delete from memos')
  await asOwner(`insert into memos values
    ('b0b00000-0000-4000-8000-000000000001', 'bob', '42', false, '2026-01-01')`)
  if (isAliceThere) {
    await asOwner(`insert into memos (user_id, body) values ('alice', $1)`, [CANARY])
  }
}

const IDS = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g
const TIMES = /\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?/g

/** Everything that Bob sees: rows, counts, errors; without values that differ in each new row. */
async function answerTo(where: Door, sql: string, isAliceThere: boolean): Promise<string> {
  await layOut(isAliceThere)
  const told = await arena.bob(where, sql)
  if (isAliceThere) await arena.assertUnharmed(told)
  return `${told.status} ${told.text.replace(IDS, 'id').replace(TIMES, 'time')}`
}

describe('Bob’s answers are the same whether Alice has a row or none', () => {
  for (const sql of probes) {
    test(sql, async () => {
      for (const where of [arena.gated, arena.open]) {
        assert.equal(await answerTo(where, sql, true), await answerTo(where, sql, false))
      }
    })
  }

  test('without row-level security they differ: the comparison can fail', async () => {
    const { asOwner } = arena.proxy
    await asOwner('alter table memos disable row level security')
    try {
      const sql = `select 1 / (length(body) - ${CANARY.length}) from memos`
      await layOut(true)
      const withHer = await arena.bob(arena.gated, sql)
      await layOut(false)
      assert.notEqual(withHer.text, (await arena.bob(arena.gated, sql)).text)
    } finally {
      await asOwner('alter table memos enable row level security')
    }
  })
})
