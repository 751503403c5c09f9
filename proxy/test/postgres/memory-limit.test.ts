import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, before, describe, test } from 'node:test'
import { Client } from 'pg'
import { PROCESS_MEMORY_MB, withMemoryLimit } from './memory-limit'
import { startTestServer, type TestServer } from './test-server'

/** shared_buffers count as resident where a process has touched them, and so do Postgres' own pages. */
const SHARED_MB = 160

/** Each asks for a gigabyte or more. */
const HUNGRY: Record<string, string> = {
  'an array of long texts': `with recursive r(s) as (select 'aaaaaaaa' union all select s || s from r where length(s) < 4194304),
    b as materialized (select s from r order by length(s) desc limit 1)
    select cardinality(array_agg(s || n)) from b, generate_series(1, 100000) t(n)`,
  'one long text': `select length(string_agg(lpad('', 1000000, 'x'), '')) from generate_series(1, 1000)`,
  'a JSON document': `select length(jsonb_agg(lpad('', 1000000, 'x'))::text) from generate_series(1, 1000)`,
  'groups that each keep their rows': `select max(cardinality(a)) from (
    select array_agg(lpad('', 1000, 'x') || n) as a from generate_series(1, 800000) n group by n % 2) s`,
  'many sorts in one statement': `select string_agg(distinct lpad('', 1000000, 'x') || n, '' order by lpad('', 1000000, 'x') || n)
    from generate_series(1, 1000) n`,
}

describe('a statement that needs too much memory', { skip: process.platform !== 'linux' }, () => {
  let server: TestServer
  let hungry: Client
  let other: Client

  before(async () => {
    server = await startTestServer()
    ;[hungry, other] = [new Client(server.url), new Client(server.url)]
    await Promise.all([hungry.connect(), other.connect()])
  })
  after(async () => {
    await Promise.all([hungry.end(), other.end()])
    await server.stop()
  })

  for (const [what, sql] of Object.entries(HUNGRY)) {
    test(`fails alone: ${what}`, async () => {
      const pidOf = async (client: Client) =>
        (
          await client.query<{ pid: number; at: string }>(
            'select pg_backend_pid() as pid, pg_postmaster_start_time()::text as at',
          )
        ).rows[0]
      const [before, beside] = [await pidOf(hungry), await pidOf(other)]
      const bystander = other.query('select count(*)::int as n from generate_series(1, 1000000)')
      await assert.rejects(hungry.query(sql), { code: '53200' })
      assert.deepEqual((await bystander).rows, [{ n: 1_000_000 }])
      // The same processes of the same server, all at work.
      assert.deepEqual(await pidOf(hungry), before)
      assert.deepEqual(await pidOf(other), beside)
      assert.ok(peakMb(before?.pid ?? 0) < PROCESS_MEMORY_MB + SHARED_MB)
    })
  }

  test('leaves room for what owners do: sorts, parallel index builds, VACUUM and ANALYZE', async () => {
    await other.query(
      `create table big as select n, lpad('', 100, 'x') || n as t from generate_series(1, 300000) n`,
    )
    await other.query('set max_parallel_maintenance_workers = 2')
    await other.query('create index on big (t)')
    await other.query('vacuum (analyze, parallel 2) big')
    await other.query('select * from big order by t desc limit 1')
    await other.query('set debug_parallel_query = on')
    await other.query('select count(*), max(t) from big group by n % 100')
    await other.query('drop table big')
  })
})

test('on systems other than Linux the command is unchanged', () => {
  assert.deepEqual(withMemoryLimit(['postgres', '-D', 'x'], 'darwin'), ['postgres', '-D', 'x'])
})

function peakMb(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  return Number(/^VmHWM:\s+(\d+) kB/m.exec(status)?.[1]) / 1024
}
