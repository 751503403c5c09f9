import assert from 'node:assert/strict'
import { test } from 'node:test'
import { choosePath } from './choose-path'
import {
  MAX_CONNECTION_STRING_LENGTH,
  parseConnectionString,
  requireHostname,
} from './connection-string'
import { message } from '../../test/testing/message'

test('the connection string names a role and a database, percent-decoded', () => {
  const read = (text: string) => {
    const { user, database, password } = parseConnectionString(text)
    return [user, database, password?.toString('latin1')]
  }
  assert.deepEqual(read('postgresql://authenticated@localhost/memos'), [
    'authenticated',
    'memos',
    undefined,
  ])
  assert.deepEqual(read('postgres://http+auth$$:%25%2B$^&*@!@h.x/daily%20memos/x?sslmode=off'), [
    'http+auth$$',
    'daily memos',
    '%+$^&*@!',
  ])
  assert.deepEqual(read('postgresql://alice:@localhost/'), ['alice', 'alice', undefined])
  // A stray % is just a %, and a password is bytes.
  assert.deepEqual(read('postgresql://100%:%+%ff%zz@h/d'), ['100%', 'd', '%+\u00ff%zz'])
})

test('an invalid connection string is refused with Neon’s messages, in Neon’s order', () => {
  const cases = [
    [undefined, 'invalid header: neon-connection-string'],
    ['postgres://ü@h/d', 'invalid header: neon-connection-string'],
    ['', 'invalid connection string: relative URL without a base'],
    ['nonsense', 'invalid connection string: relative URL without a base'],
    ['postgres://u@/d', 'invalid connection string: empty host'],
    ['postgres://u:p@:5432/d', 'invalid connection string: empty host'],
    ['postgres://u@h:70000/d', 'invalid connection string: invalid port number'],
    ['postgres://u@h:port/d', 'invalid connection string: invalid port number'],
    ['postgres://u@[::1/d', 'invalid connection string: invalid IPv6 address'],
    ['postgres://u@[zz]/d', 'invalid connection string: invalid IPv6 address'],
    ['postgres://u@h h/d', 'invalid connection string: invalid domain character'],
    ['postgres:u@h', 'missing database name'],
    ['postgres:/d', 'missing username'],
    ['mysql://u@h/d', 'incorrect scheme'],
    ['postgres://u@h', 'missing database name'],
    ['postgres://h/d', 'missing username'],
    ['postgres://%ff@h/d', 'invalid username: invalid utf-8 sequence'],
    ['postgres://u@[::1]/d', 'missing hostname'],
    ['postgres:///d', 'missing username'],
  ] as const
  for (const [header, expected] of cases) {
    const read = () => {
      requireHostname(parseConnectionString(header))
    }
    assert.equal(message(read), expected, header)
  }
})

test('a token takes precedence over a password, which counts only if passwords are enabled', () => {
  const target = parseConnectionString('postgresql://alice:secret@localhost/memos')
  const none = parseConnectionString('postgresql://anonymous@localhost/memos')
  const paths = { anonymous: false, password: false }
  const missing =
    'missing authentication credentials: required authorization bearer token in JWT format'
  assert.deepEqual(choosePath('Bearer x', target, { ...paths, password: true }), {
    kind: 'token',
    token: 'x',
  })
  assert.equal(choosePath(undefined, target, { ...paths, password: true }).kind, 'password')
  assert.equal(choosePath(undefined, none, { ...paths, anonymous: true }).kind, 'anonymous')
  for (const who of [target, none]) {
    assert.equal(
      message(() => choosePath(undefined, who, paths)),
      missing,
    )
  }
  // Any other Authorization header means neither anonymous nor a password.
  const all = { anonymous: true, password: true }
  for (const [header, why] of [
    ['Basic x', 'the scheme is not Bearer'],
    ['Bearerx', 'the scheme is not Bearer'],
    ['Bearer\tx', 'the scheme is not Bearer'],
    ['eyJhbGciOiJSUzI1NiJ9.e30.AAAA', 'the scheme is not Bearer'],
    ['', 'the scheme is not Bearer'],
    ['Bearer', 'nothing follows Bearer'],
    ['bearer  ', 'nothing follows Bearer'],
  ] as const) {
    assert.equal(
      message(() => choosePath(header, target, all)),
      `${missing} (${why})`,
    )
  }
})

test('the scheme is Bearer, in any letter case, followed by exactly one token', () => {
  const target = parseConnectionString('postgresql://authenticated@localhost/memos')
  const paths = { anonymous: false, password: false }
  for (const header of ['Bearer x', 'bearer x', 'BEARER x', 'bEaReR   x', 'Bearer x  ']) {
    assert.deepEqual(choosePath(header, target, paths), { kind: 'token', token: 'x' }, header)
  }
  for (const header of ['Bearer x y', 'Bearer x,y', 'Bearer x, Bearer y', 'bearer x\ty']) {
    assert.match(
      message(() => choosePath(header, target, paths)),
      /not one token/,
      header,
    )
  }
})

test('a connection string that is too long is refused unparsed', () => {
  const ofLength = (length: number, start = 'postgresql://u@h/d?') => start.padEnd(length, '%')
  parseConnectionString(ofLength(MAX_CONNECTION_STRING_LENGTH))
  // If it were parsed, each would be refused for another reason.
  for (const start of ['postgresql://u@h/d?', '\u00fc', 'nonsense', 'http://u@h/', '']) {
    for (const length of [MAX_CONNECTION_STRING_LENGTH + 1, 60_000]) {
      assert.equal(
        message(() => parseConnectionString(ofLength(length, start))),
        'invalid connection string: longer than 2048 characters',
      )
    }
  }
})
