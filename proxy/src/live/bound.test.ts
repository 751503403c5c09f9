import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { createParser, type Parser } from '../gate/parser'
import { isBound } from './bound'
import { findReads } from './reads'

let parser: Parser
before(async () => {
  parser = await createParser()
})

const BOUND = [
  '(( SELECT auth.user_id() AS user_id) = owner)',
  '(owner = ( SELECT auth.user_id() AS user_id))',
  '((list_id IS NULL) AND (( SELECT auth.user_id() AS user_id) = owner))',
  '((list_id = ANY (( SELECT access.lists_i_see() AS lists_i_see)::uuid[])) AND (hidden_at IS NULL))',
  '(list_id IN ( SELECT my_lists() AS my_lists))',
  '(list_id IN ( SELECT m.list_id FROM list_members m WHERE (m.user_id = ( SELECT auth.user_id() AS user_id))))',
  '(((owner)::text = ( SELECT auth.user_id() AS user_id)) OR (list_id IN ( SELECT my_lists() AS my_lists)))',
]

const NOT_BOUND = [
  'true',
  'is_public',
  '(is_public OR (( SELECT auth.user_id() AS user_id) = owner))',
  `((( SELECT auth.session() AS session) ->> 'role'::text) = 'admin'::text)`,
  '(owner = author)',
  '(owner <> ( SELECT auth.user_id() AS user_id))',
  '(NOT (owner = ( SELECT auth.user_id() AS user_id)))',
  '(owner IS NOT NULL)',
  '(author = ( SELECT auth.user_id() AS user_id))',
  '(list_id <> ALL (( SELECT access.lists_i_see() AS lists_i_see)::uuid[]))',
  '(NOT (list_id IN ( SELECT my_lists() AS my_lists)))',
  '(COALESCE(owner, ( SELECT auth.user_id() AS user_id)) = ( SELECT auth.user_id() AS user_id))',
  'not even SQL',
]

test('a policy that compares a key with what does not depend on the row shows it to no one else', async () => {
  for (const condition of BOUND) {
    assert.equal(
      await isBound(parser, { condition, columns: ['owner', 'list_id'] }),
      true,
      condition,
    )
  }
})

test('any other policy may show a row to users without one of its keys', async () => {
  for (const condition of NOT_BOUND) {
    assert.equal(
      await isBound(parser, { condition, columns: ['owner', 'list_id'] }),
      false,
      condition,
    )
  }
})

test('every name that a statement reads by is found, wherever it stands', async () => {
  const { relations, functions, attributes } = await findReads(
    parser,
    `with mine as (select a.x from app."A b" a) select lower(m.y), (m).z from mine m
     where exists (select from c where c.i = any (array(select i from d)))
     union select 1, 2 from (values (1)) v join lateral public.f(1) as t(i) on true`,
  )
  assert.deepEqual(relations, ['"app"."A b"', '"c"', '"d"', '"mine"'])
  assert.deepEqual(functions, ['f', 'lower'])
  for (const name of ['x', 'y', 'z', 'i']) assert.ok(attributes.includes(name), name)
})

test('what reads the clock is refused, and what only looks like it is not', async () => {
  for (const sql of [
    'select now()',
    'select current_timestamp',
    'select localtime',
    'select age(t.d) from t',
    `select 'tomorrow'::date`,
    `select date ' now'`,
  ]) {
    await assert.rejects(findReads(parser, sql), /change with the time/, sql)
  }
  for (const sql of [
    'select count(*) as today from t',
    `select 'nowhere'`,
    'select age(a, b) from t',
    'select current_user',
  ]) {
    await findReads(parser, sql)
  }
})
