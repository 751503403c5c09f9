/** What Bob may ask to learn what others have written: every condition in every kind of statement. */

/** Of a row t of todos. `few` users have texts that begin with “My PIN”; in `many` nobody has. */
const CONDITIONS = [
  `t.task ^@ 'My P'`,
  `t.task ^@ 'My P' collate "C"`,
  `t.task collate "C" ^@ 'Bob'`,
  `starts_with(t.task, 'My P')`,
  `t.task like 'My P%'`,
  `t.task like '%PIN%'`,
  `t.task not like 'My%'`,
  `t.task ilike 'my p%'`,
  `t.task ~ '^My P'`,
  `t.task ~* '^my'`,
  `t.task collate "C" ~ '^My P'`,
  `t.task = 'My PIN is 0042'`,
  `t.task <> 'My PIN is 0042'`,
  `t.task in ('My PIN is 0042', 'My PIN is 0043', 'Bob wrote 0010')`,
  `t.task = any (array['My PIN is 0001', 'My PIN is 0002'])`,
  `t.task > 'My PIN'`,
  `t.task < 'b'`,
  `t.task between 'My PIN is 0' and 'My PIN is 1'`,
  `t.task collate "C" >= 'My' and t.task collate "C" < 'Mz'`,
  `t.task is null`,
  `lower(t.task) = 'my pin is 0042'`,
  `length(t.task) = 14`,
  `t.user_id = 'user_0001'`,
  `t.user_id = 'nobody'`,
  `t.user_id <> 'user_0001'`,
  `t.user_id ^@ 'user_0'`,
  `t.user_id in ('user_0000', 'user_0001', 'user_0002')`,
  `t.user_id > 'user_0003'`,
  `t.user_id between 'user_0002' and 'user_0004'`,
  `t.is_complete`,
  `not t.is_complete`,
  `t.is_complete is distinct from true`,
  `t.inserted_at > '2026-01-10'`,
  `t.inserted_at < '2020-01-01'`,
  `t.inserted_at between '2026-01-01' and '2026-01-03'`,
  `t.id = 'b0b00000-0000-4000-8000-000000000001'`,
  `t.id > 'f0000000-0000-4000-8000-000000000000'`,
  `(t.user_id, t.inserted_at) > ('user_0002', '2026-01-05'::timestamptz)`,
  `(t.task ^@ 'My P' or t.user_id ^@ 'user_0' or t.inserted_at > '2026-01-10')`,
  `(t.task > 'My' and t.user_id = 'user_0003')`,
]

type Shape = (condition: string) => string

const SHAPES: Shape[] = [
  (p) => `select t.id from todos t where ${p}`,
  (p) => `select count(*), min(t.task), max(t.inserted_at) from todos t where ${p}`,
  (p) => `select distinct t.task from todos t where ${p}`,
  (p) => `select t.is_complete, count(*) from todos t where ${p} group by 1`,
  (p) => `select t.task, row_number() over (partition by t.is_complete) from todos t where ${p}`,
  (p) => `select t.id from todos t where ${p} order by t.task limit 5`,
  (p) => `select t.id from todos t where ${p} order by t.inserted_at, t.id`,
  (p) =>
    `select g.n from generate_series(1, 30) g(n) left join todos t on length(t.task) = g.n and ${p}`,
  (p) =>
    `select t.id, g.n from todos t join generate_series(1, 400) g(n) on g.n = length(t.task) where ${p}`,
  (p) => `select t.id, o.id from todos t join todos o on o.task = t.task where ${p}`,
  (p) =>
    `select o.id from todos o where exists (select from todos t where t.task = o.task and ${p})`,
  (p) =>
    `select o.id from todos o where not exists (select from todos t where t.inserted_at = o.inserted_at and ${p})`,
  (p) => `select o.id from todos o where o.id in (select t.id from todos t where ${p})`,
  (p) => `select o.id from todos o where o.id not in (select t.id from todos t where ${p})`,
  (p) => `select task from todos except select t.task from todos t where ${p}`,
  (p) => `select task from todos intersect all select t.task from todos t where ${p}`,
  (p) => `select t.id, x.id from teams m join todos t on ${p} cross join lateral
          (select o.id from todos o where o.is_complete = t.is_complete limit 2) x where m.size = 3`,
  (p) =>
    `with t as materialized (select * from todos t where ${p}) select t.id from t join teams on size = length(task)`,
  (p) => `select t.id, n.id from todos t join notes n on n.todo = t.id where ${p}`,
  (p) =>
    `select t.id, n.id from notes n left join todos t on n.todo = t.id and ${p} where n.score < 5`,
  (p) =>
    `select t.id, e.id from todos t join events e on e.owner = t.user_id and e.id < 60 where ${p}`,
  (p) => `select m.name, count(*) from todos t join notes n on n.owner = t.user_id
          join teams m on m.name = n.team where ${p} and n.score = 3 group by m.name`,

  (p) => `update todos t set is_complete = true where ${p}`,
  (p) =>
    `update todos t set task = 'x' from generate_series(1, 50) g(n) where g.n = length(t.task) and ${p}`,
  (p) => `delete from todos t using notes n where n.todo = t.id and ${p} returning t.id`,
  (p) =>
    `insert into notes (id, body) select t.id, t.task from todos t where ${p} on conflict do nothing`,
  (p) => `merge into todos t using generate_series(1, 40) g(n) on length(t.task) = g.n and ${p}
          when matched then delete when not matched then do nothing`,
]

/** Of the other tables: an index's expression, what extended statistics know, partitions, a view. */
export const OTHER_TABLES: readonly string[] = [
  `select id from notes where lower(body) = 'my pin is 0042'`,
  `select id from notes where lower(body) ^@ 'my p'`,
  `select id from notes where lower(body) > 'my pin' and owner = 'user_0003'`,
  `select id from notes where owner = 'user_0001' and team = 'team_1' and score = 1`,
  `select id from notes where team is null`,
  `select team, score, count(*) from notes group by team, score`,
  `select owner, lower(body), count(*) from notes group by 1, 2`,
  `select a.id, b.id from notes a join notes b on lower(a.body) = lower(b.body) and a.owner = b.owner`,
  `select id from only notes where score > 50000`,
  `select id from recent where body ^@ 'My P'`,
  `select r.id, m.size from recent r join teams m on m.name = r.team where r.score > 3`,
  `select e.id from events e where kind = 'My PI'`,
  `select e.id from events e where owner = 'user_0002' and day < '2020-01-01'`,
  `select e.id, m.size from events e join teams m on m.size = e.id where kind ^@ 'My'`,
  `select kind, count(*) from events group by kind`,
  `select e.id, n.id from events e join notes n on n.owner = e.owner and n.made = e.day where e.id < 900`,
]

/** By which four private texts were read: one arm for each collation. */
export const ORACLE = `select g.n from generate_series(1, 30) g(n) left join todos t on length(t.task) = g.n
  and (${['af', 'agq', 'ak', 'am', 'ar', 'as']
    .map((language) => `t.task ^@ 'My P' collate "${language}-x-icu"`)
    .join(' or ')}) and t.user_id = 'user_bob'`

/** Of lists, which others share with one another, and one user with Bob. */
const LISTS: readonly string[] = [
  `select id from lists where name ^@ 'My P'`,
  `select id from lists where created_by = 'user_0001' and name > 'My'`,
  `select l.id, m.user_id from lists l join list_members m on m.list_id = l.id where l.name ^@ 'My P'`,
  `select m.list_id, g.n from list_members m join generate_series(1, 9) g(n) on g.n = length(m.user_id)`,
  `select t.id, l.name from todos t join lists l on l.id = t.list_id where l.name ^@ 'My P' or t.task ^@ 'My P'`,
  `select role, count(*) from list_members where user_id ^@ 'user_0' group by role`,
]

export const QUERIES: readonly string[] = [
  ORACLE,
  ...OTHER_TABLES,
  ...SHAPES.flatMap((shape) => CONDITIONS.map(shape)),
  ...LISTS,
]
