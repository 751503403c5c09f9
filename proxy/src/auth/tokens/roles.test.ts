import assert from 'node:assert/strict'
import { test } from 'node:test'
import { permittedRoles, roleRules } from './roles'

const permitted = (rules: unknown, payload: unknown) => [
  ...permittedRoles(payload, roleRules.parse(rules)),
]
const moderator = { moderator: { claim: 'metadata.role', equals: 'moderator' } }

test('a role is permitted when its claim says so; authenticated always is', () => {
  assert.deepEqual(permitted(moderator, { metadata: { role: 'moderator' } }), [
    'authenticated',
    'moderator',
  ])
  const others = [
    {},
    { metadata: null },
    { metadata: 'moderator' },
    { metadata: { role: ['moderator'] } },
    { metadata: { role: 'Moderator' } },
    { 'metadata.role': 'moderator' },
    { role: 'moderator' },
    [],
  ]
  for (const payload of others) {
    assert.deepEqual(permitted(moderator, payload), ['authenticated'], JSON.stringify(payload))
  }
})

test('a claim may be a list, or have dots in its name', () => {
  const inList = { editor: { claim: 'realm_access.roles', includes: 'editor' } }
  assert.ok(permitted(inList, { realm_access: { roles: ['x', 'editor'] } }).includes('editor'))
  assert.ok(!permitted(inList, { realm_access: { roles: 'editor' } }).includes('editor'))
  const dotted = { editor: { claim: ['https://memos.example/editor'], equals: true } }
  assert.ok(permitted(dotted, { 'https://memos.example/editor': true }).includes('editor'))
  assert.ok(!permitted(dotted, { 'https://memos.example/editor': 'true' }).includes('editor'))
})

test('inherited properties are not claims', () => {
  const rules = { odd: { claim: 'constructor.name', equals: 'Object' } }
  assert.deepEqual(permitted(rules, {}), ['authenticated'])
})

test('reserved roles cannot be permitted', () => {
  for (const name of [
    'authenticator',
    'authenticated',
    'anonymous',
    'postgres',
    'none',
    'public',
    'session_user',
    'pg_read_all_data',
    'Moderator',
    '',
    'a b',
  ]) {
    const result = roleRules.safeParse({ [name]: { claim: 'role', equals: 'x' } })
    assert.ok(!result.success, name)
  }
})

test('a claim that users can change themselves permits nothing', () => {
  for (const claim of ['user_metadata.role', 'unsafe_metadata.role', ['user_metadata', 'role']]) {
    assert.ok(!roleRules.safeParse({ moderator: { claim, equals: 'moderator' } }).success)
  }
})

test('a rule says either what a claim equals or what it includes', () => {
  for (const rule of [{}, { equals: 'x', includes: 'x' }, { equals: null }, { equals: {} }]) {
    assert.ok(!roleRules.safeParse({ moderator: { claim: 'role', ...rule } }).success)
  }
})
