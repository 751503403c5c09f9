/** Attacks on everyone's time and memory, by SQL that the gate lets through: limits decide. */

/** [statement, how it ends: Postgres' code for a statement that takes too long, or an answer that is too large] */
export const ENDLESS: readonly (readonly [sql: string, ends: '57014' | 'too large'])[] = [
  [`with recursive r as (select 1 union all select 1 from r) select count(*) from r`, '57014'],
  [`with recursive r as (select 1 as n union all select n from r) select * from r`, 'too large'],
  [`with recursive r (n) as (values (1) union select n + 1 from r) select max(n) from r`, '57014'],
  [`select count(*) from generate_series(1, 100000000000)`, '57014'],
  [`select * from generate_series(1, 1000000)`, 'too large'],
  [`select string_agg(md5(n::text), '') from generate_series(1, 20000000) n`, '57014'],
  [`select max(md5(n::text)) from generate_series(1, 100000000) n group by n`, '57014'],
  [
    `select (select count(*) from generate_series(1, n)) from generate_series(1, 10000000) n`,
    '57014',
  ],
]
