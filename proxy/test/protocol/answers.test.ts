import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { startTestProxy, type TestProxy } from '../testing/proxy'

let proxy: TestProxy
before(async () => {
  proxy = await startTestProxy()
  await proxy.asOwner(`create type public.mood as enum ('sad', 'happy')`)
  await proxy.asOwner(`grant usage on type public.mood to authenticated`)
  // Only box has a delimiter other than a comma, and the gate allows no SQL that makes one.
  await proxy.asOwner(
    `create table public.drawings as select array['(1,1),(0,0)', '(2,2),(0,0)']::box[] as boxes`,
  )
  await proxy.asOwner(`grant select on public.drawings to authenticated`)
})
after(() => proxy.stop())

const raw = { 'neon-raw-text-output': 'true' }
const arrays = { 'neon-array-mode': 'true' }

test('an answer has exactly the listed members, and every answer its request id', async () => {
  const { json, headers, text } = await proxy.post({ query: 'select 1 as one' })
  assert.equal(
    text,
    '{"fields":[{"name":"one","dataTypeID":23,"tableID":0,"columnID":0,"dataTypeSize":4,"dataTypeModifier":-1,"format":"text"}],"rows":[{"one":1}],"command":"SELECT","rowCount":1,"rowAsArray":false}',
  )
  assert.match(headers.get('neon-request-id') ?? '', /^[0-9a-f-]{36}$/)
  assert.equal(headers.get('content-type'), 'application/json')
  assert.equal(json.command, 'SELECT')
})

test('an empty statement gets an empty answer', async () => {
  for (const query of ['', '-- nothing', ';']) {
    const { text } = await proxy.post({ query })
    assert.equal(
      text,
      '{"fields":[],"rows":[],"command":"","rowCount":null,"rowAsArray":false}',
      query,
    )
  }
})

test('output is raw or typed, in objects or arrays', async () => {
  const query = `select 1 as n, true as b, '{"a":1}'::jsonb as j, null as z, 2::float8 as f, 9::int8 as l, array[1, null] as a`
  const rows = async (headers: Record<string, string>) =>
    (await proxy.post({ query }, { headers })).json.rows
  assert.deepEqual(await rows(raw), [
    { n: '1', b: 't', j: '{"a": 1}', z: null, f: '2', l: '9', a: '{1,NULL}' },
  ])
  assert.deepEqual(await rows({}), [
    { n: 1, b: true, j: { a: 1 }, z: null, f: 2.0, l: '9', a: [1, null] },
  ])
  assert.deepEqual(await rows(arrays), [[1, true, { a: 1 }, null, 2, '9', [1, null]]])
})

test('an array of a user-defined enum is an array', async () => {
  for (let i = 0; i < 2; i++) {
    const { json } = await proxy.post({
      query: `select array['sad', 'happy']::public.mood[] as moods, 'sad'::public.mood as mood, boxes, array[]::public.mood[] as none from drawings`,
    })
    assert.deepEqual(json.rows, [
      { moods: ['sad', 'happy'], mood: 'sad', boxes: ['(1,1),(0,0)', '(2,2),(0,0)'], none: [] },
    ])
  }
})

test('params are text whose type Postgres infers', async () => {
  const { json } = await proxy.post({
    query: 'select $1 as t, $2 * 1 as n, $3::text[] as a, $4::jsonb as j',
    params: [1, 2, ['a\nb', null], { x: 9007199254740993 }],
  })
  assert.deepEqual(json.rows, [{ t: '1', n: 2, a: ['a\nb', null], j: { x: 9007199254740992 } }])
})

test('a wrong number of parameters is reported as for the unnamed statement', async () => {
  for (let i = 0; i < 2; i++) {
    const { json } = await proxy.post({ query: 'select $1::int' })
    assert.equal(
      json.message,
      'bind message supplies 0 parameters, but prepared statement "" requires 1',
    )
    assert.equal(json.code, '08P01')
  }
})
