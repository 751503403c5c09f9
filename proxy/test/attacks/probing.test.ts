import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { CANARY, startArena, type Arena, type Door } from '../testing/arena'

/** Each would reveal something about Alice's row if it were evaluated before the policy. */
const probes = [
  `select * from todos`,
  `table todos`,
  `select t, t::text, row_to_json(t), to_jsonb(t), json_agg(t) from todos t group by t.*`,
  `select string_agg(task, ','), count(*), max(task), min(inserted_at) from todos`,
  `select * from todos where user_id = 'alice'`,
  `select * from todos where 1 / (case when task like '%canary%' then 0 else 1 end) = 1`,
  `select * from todos where case when task like 'a%' then 1 / 0 = 1 else true end`,
  `select 1 from todos where 1 / (length(task) - length('alice keeps a canary')) > 0`,
  `select cast(task as int) from todos`,
  `select * from todos where task::int = 1`,
  `select * from todos where (task::json) is not null`,
  `select * from todos where ('x' || task)::uuid is null`,
  `select * from todos where task::timestamptz > now()`,
  `select * from todos where task::inet is null or task::money is null or task::bytea is null`,
  `select * from todos where to_number(task, '9') > 0 or to_date(task, 'YYYY') is null`,
  `select * from todos where to_tsquery(task || ' & ((') is null`,
  `select * from todos where 'x' ~ (task || '(')`,
  `select * from todos where 'x' similar to task || '(' or 'x' like task || '\\'`,
  `select * from todos where jsonb_path_query_first('{}', ('$' || task)::jsonpath) is null`,
  `select * from todos where decode(task, 'hex') is null or convert_from(task::bytea, 'utf8') is null`,
  `select * from todos where chr(-length(task)) = 'x'`,
  `select * from todos where substring(task from 1 for -1) = 'x' or split_part(task, 'a', 0) = 'x'`,
  `select * from todos where (array[1])[task::int] = 1`,
  `select * from todos where task::varchar(3)::int = 0 or task::bpchar::bit(3) is null`,
  `select * from todos where numeric '10' ^ (length(task) * 1000000) > 0`,
  `select * from todos where factorial(-length(task)) > 0 or sqrt(-length(task)) > 0`,
  `select * from todos where task > 'a' and task < 'b' and 1 / 0 = 1`,
  `select * from todos where user_id >= 'alice' and ascii(user_id)::text::date is null`,
  `select * from todos a join todos b on 1 / (length(a.task) - 20) = length(b.task)`,
  `select * from (values (1)) v left join todos t on 1 / (case when t.task is null then 1 else 0 end) = 1`,
  `select (select 1 / (length(task) - ${CANARY.length}) from todos limit 1)`,
  `select * from (select * from todos offset 0) s where s.task::int = 1`,
  `with t as not materialized (select * from todos) select * from t where task::int = 1`,
  `with t as materialized (select * from todos) select * from t where task::int = 1`,
  `select count(*) from todos having 1 / count(*) > 0`,
  `select * from todos order by 1 / (length(task) - ${CANARY.length})`,
  `select * from todos order by task collate "C" using operator(pg_catalog.~<~)`,
  `select lag(task) over (order by user_id), first_value(task) over () from todos`,
  `select * from todos, lateral (select task::int) x`,
  `select distinct on (task::int) task from todos`,
  `select task from todos union all select user_id from todos`,
  `select task from todos intersect values ('alice keeps a canary')`,
  `select 'x' where 'alice keeps a canary' in (select task from todos)`,
  `select 'alice keeps a ' || 'x' where exists (select from todos where task like 'alice%')`,
  `select * from todos for update`,
  `select * from todos for key share skip locked`,
  `with recursive r as (select task from todos union select task || 'x' from r where length(task) < 30) select * from r`,
  `update todos set task = 'stolen'`,
  `update todos set task = 'stolen' where 1 / (length(task) - ${CANARY.length}) > 0 returning *`,
  `update todos set task = task::int::text`,
  `update todos t set task = o.task from todos o where o.user_id = 'alice' returning t.*, o.*`,
  `update todos set is_complete = true returning old.task, new.task`,
  `update todos set user_id = 'bob'`,
  `update todos set (task, is_complete) = (select task, true from todos limit 1)`,
  `delete from todos`,
  `delete from todos where task::int = 1 returning *`,
  `delete from todos using todos o where o.task like '%canary%'`,
  `insert into todos (user_id, task) values ('alice', 'planted')`,
  `insert into todos (user_id, task) select 'alice', 'planted' returning *`,
  `insert into todos (task) select task from todos where user_id = 'alice' returning *`,
  `insert into todos (id, task) select id, 'x' from todos on conflict (id) do update set task = 'stolen' returning todos.*, excluded.*`,
  `insert into todos (task) values ((select task from todos where user_id = 'alice')) returning *`,
  `merge into todos t using (values ('alice')) s (u) on t.user_id = s.u when matched then update set task = 'stolen' when not matched then insert (task) values ('bobs')`,
  `merge into todos t using todos s on true when matched then delete returning merge_action(), old.*, t.*`,
  `merge into todos t using (values (1)) s (a) on 1 / (length(task) - ${CANARY.length}) = a when not matched by source then delete`,
]

let arena: Arena
before(async () => {
  arena = await startArena()
})
after(() => arena.proxy.stop())

/** Restores Bob's todo, and Alice's if she has one, before each attempt. */
async function layOut(isAliceThere: boolean): Promise<void> {
  const { asOwner } = arena.proxy
  await asOwner('delete from todos')
  await asOwner(`insert into todos values
    ('b0b00000-0000-4000-8000-000000000001', 'bob', '42', false, '2026-01-01')`)
  if (isAliceThere) {
    await asOwner(`insert into todos (user_id, task) values ('alice', $1)`, [CANARY])
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
    await asOwner('alter table todos disable row level security')
    try {
      const sql = `select 1 / (length(task) - ${CANARY.length}) from todos`
      await layOut(true)
      const withHer = await arena.bob(arena.gated, sql)
      await layOut(false)
      assert.notEqual(withHer.text, (await arena.bob(arena.gated, sql)).text)
    } finally {
      await asOwner('alter table todos enable row level security')
    }
  })
})
