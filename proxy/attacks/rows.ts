/** Attacks on the rows themselves, by statements of the usual kinds: policies decide, but for the last two lists. */
import { CANARY } from './attack'

/** Each would reveal something about Alice's row if it were evaluated before the policy. */
export const READS: readonly string[] = [
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
  `select * from memos where 'x' ~ (body || '(')`,
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
]

/** Each would change a row of hers, or plant one on her. */
export const WRITES: readonly string[] = [
  `update memos set body = 'stolen'`,
  `update memos set body = 'stolen' where 1 / (length(body) - ${CANARY.length}) > 0 returning *`,
  `update memos set body = body::int::text`,
  `update memos t set body = o.body from memos o where o.user_id = 'alice' returning t.*, o.*`,
  `update memos set is_archived = true returning old.body, new.body`,
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

/** Searches for what a row says, which the gate refuses: such a pattern may take for ever. */
export const PATTERNS: readonly string[] = [
  `select * from memos where to_tsquery(body || ' & ((') is null`,
  `select * from memos where 'x' similar to body || '(' or 'x' like body || '\\'`,
  `select * from memos where jsonb_path_query_first('{}', ('$' || body)::jsonpath) is null`,
]

/** Writes a column that the role was not given. */
export const COLUMNS: readonly string[] = [`update memos set user_id = 'bob'`]
