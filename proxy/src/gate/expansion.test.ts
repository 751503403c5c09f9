/** Refuses statements of a few hundred bytes that Postgres would expand to hundreds of megabytes. */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { Client } from 'pg'
import { startTestServer, type TestServer } from '../../test/postgres/test-server'
import { ProxyError } from '../errors'
import { createGate, type Gate } from './gate'

let gate: Gate
before(async () => {
  gate = await createGate()
})

const nest = (levels: number, innermost: string, wrap: (inner: string, level: number) => string) =>
  Array.from({ length: levels }, (_, i) => i + 1).reduce(wrap, innermost)
const FROM = `(select n::text as x from generate_series(1, 2) n) s0`

/** Constructs that use each level twice in the next one. */
const DOUBLING: Readonly<Record<string, (levels: number) => string>> = {
  'CTEs with NOT MATERIALIZED': (levels) =>
    `with c0 as not materialized (select 1 as x)${nest(
      levels,
      '',
      (before, i) =>
        `${before}, c${i} as not materialized (select a.x from c${i - 1} a, c${i - 1} b)`,
    )} select count(*) from c${levels}`,
  'a column of a subquery': (levels) =>
    `select length(x) from ${nest(levels, FROM, (inner, i) => `(select x || x as x from ${inner}) s${i}`)}`,
  'a column that gets another name': (levels) =>
    `select length(z) from ${nest(levels, `${FROM} (z)`, (inner, i) => `(select z || z from ${inner}) s${i} (z)`)}`,
  'a column through *': (levels) =>
    `select length(x) from ${nest(levels, FROM, (inner, i) => `(select * from (select x || x as x from ${inner}) t${i}) s${i}`)}`,
  'a column of a CTE that is used once': (levels) =>
    `with c0 as (select n::text as x from generate_series(1, 2) n)${nest(
      levels,
      '',
      (before, i) => `${before}, c${i} as (select x || x as x from c${i - 1})`,
    )} select x from c${levels}`,
  'a column in a condition that moves inwards': (levels) =>
    `select 1 from ${nest(levels, FROM, (inner, i) => `(select distinct x || x as x from ${inner}) s${i}`)} where x = 'b'`,
  BETWEEN: (levels) =>
    `select ${nest(levels, 'true', (inner) => `(${inner} between false and true)`)}`,
  'BETWEEN SYMMETRIC': (levels) =>
    `select ${nest(levels, 'true', (inner) => `(${inner} between symmetric false and true)`)}`,
  IN: (levels) =>
    `select ${nest(levels, 'n > 1', (inner) => `((${inner}) in (n > 2, n > 3))`)} from generate_series(1, 2) n`,
  'fields of a row': (levels) =>
    `select ${nest(levels, '(row(1, 2)).*', (inner) => `(row(${inner})).*`)}`,
}

for (const [what, statement] of Object.entries(DOUBLING)) {
  test(`nested doubling is refused, but a few levels are allowed: ${what}`, async () => {
    await assert.rejects(gate(statement(20)), (error) => {
      assert.ok(error instanceof ProxyError)
      assert.equal(error.fields.code, '42501')
      assert.match(error.message, /copy too much.*MATERIALIZED/)
      return true
    })
    await gate(statement(3))
  })
}

describe(
  'a refused statement would fill a backend’s memory',
  { skip: process.platform !== 'linux' },
  () => {
    let server: TestServer
    let client: Client
    before(async () => {
      server = await startTestServer()
      client = new Client(server.url)
      await client.connect()
    })
    after(async () => {
      await client.end()
      await server.stop()
    })

    for (const [what, statement] of Object.entries(DOUBLING)) {
      test(what, async () => {
        await assert.rejects(client.query(`explain ${statement(20)}`), { code: '53200' })
      })
    }
  },
)

test('a table or another CTE with the same name does not count as a second use of a CTE', async () => {
  const cte = `with c0 as (select n::text as x from generate_series(1, 2) n)`
  const more = nest(
    20,
    '',
    (before, i) =>
      `${before}, c${i} as (select x || x as x from c${i - 1} where not exists (with c${i - 1} as materialized (select 1) select from c${i - 1}) or exists (select from public.c${i - 1}))`,
  )
  await assert.rejects(gate(`${cte}${more} select x from c20`), /copy too much/)
})

test('anything that Postgres computes once may be used at any number of levels', async () => {
  const ctes = (levels: number, as: string) =>
    `with c0 ${as} (select id, body from memos)${nest(
      levels,
      '',
      (before, i) =>
        `${before}, c${i} ${as} (select a.id, a.body || b.body as body from c${i - 1} a join c${i - 1} b on a.id = b.id)`,
    )} select * from c${levels}`
  await gate(ctes(30, 'as'))
  await gate(ctes(30, 'as materialized'))
  await gate(
    `select x from ${nest(30, FROM, (inner, i) => `(select x || x as x from ${inner} offset 0) s${i}`)}`,
  )
})

test('statements of applications pass', async () => {
  const relations = (levels: number): string =>
    levels === 0
      ? `select json_build_array("t0"."id", "t0"."body", "t0"."user_id") as "data" from (select * from "memos" "t0") "t0"`
      : `select "t${levels}"."id", "t${levels}"."body", "d${levels}"."data" as "items", coalesce("d${levels}"."data", '[]'::json) as "data"
         from "memos" "t${levels}" left join lateral (select coalesce(json_agg("r"."data" order by "r"."data"), '[]'::json) as "data"
           from (${relations(levels - 1)}) "r") "d${levels}" on true where "t${levels}"."body" = $1 limit $2`
  await gate(relations(6))
  const nested = (levels: number, as: string) =>
    `with ${nest(levels, `r0 ${as} (select id, body, is_archived from memos where user_id = auth.user_id())`, (before, i) => `${before}, r${i} ${as} (select a.id, a.body, case when b.is_archived then a.body else b.body end as label from r${i - 1} a join r${i - 1} b on a.id = b.id where a.body is not null)`)} select * from r${levels}`
  await gate(nested(3, 'as not materialized'))
  await gate(nested(10, 'as'))
  await gate(`select * from memos where id in (${'$1,'.repeat(20_000)}$1)`)
  await gate(`select * from memos where (id, body) in (${'($1, $2),'.repeat(10_000)}($1, $2))`)
  await gate(`insert into memos (body) values ${'($1),'.repeat(30_000)}($1)`)
  await gate(`select id from memos${' union all select id from memos'.repeat(300)}`)
  await gate(
    `select * from (${'select id, body from memos union all '.repeat(50)} select id, body from memos) s where s.body = $1 and s.id <> $2`,
  )
})
