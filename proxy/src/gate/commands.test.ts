import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { readCommands, type Command } from './commands'
import { createParser, type Parser } from './parser'

let parser: Parser
before(async () => {
  parser = await createParser()
})

const commandsOf = async (sql: string): Promise<Command[]> =>
  (await readCommands(parser, sql)).map(({ command }) => command)

const SET = { kind: 'set', isLocal: false, tag: 'SET' } as const
const commands: readonly (readonly [sql: string, command: Command])[] = [
  ['select 1', { kind: 'query' }],
  ['/* begin */ select 1', { kind: 'query' }],
  ['begin', { kind: 'begin', modes: {}, tag: 'BEGIN' }],
  [
    'start transaction isolation level repeatable read, read only, not deferrable',
    {
      kind: 'begin',
      modes: { isolation: 'repeatable read', readOnly: true, deferrable: false },
      tag: 'START TRANSACTION',
    },
  ],
  ['end', { kind: 'commit', chain: false }],
  ['abort and chain', { kind: 'rollback', chain: true }],
  ['savepoint "A b"', { kind: 'savepoint', name: 'A b' }],
  ['release savepoint a', { kind: 'release', name: 'a' }],
  ['rollback to a', { kind: 'rollback to', name: 'a' }],
  ['set transaction read write', { kind: 'set transaction', modes: { readOnly: false } }],
  ['set session characteristics as transaction read only', { kind: 'query' }],
  ['SET TimeZone = UTC', { ...SET, name: 'timezone', value: 'utc' }],
  [`set local time zone 'UTC'`, { ...SET, name: 'timezone', value: 'UTC', isLocal: true }],
  ['set datestyle = iso, mdy', { ...SET, name: 'datestyle', value: 'iso, mdy' }],
  ['set statement_timeout = -1', { ...SET, name: 'statement_timeout', value: '-1' }],
  ['set x to default', { ...SET, name: 'x', value: undefined }],
  ['reset x', { ...SET, name: 'x', value: undefined, tag: 'RESET' }],
  [`set time zone interval '1' hour`, { kind: 'query' }],
  ['set x from current', { kind: 'query' }],
  ['reset all', { kind: 'reset all' }],
  ['discard all', { kind: 'discard all' }],
  ['discard temp', { kind: 'query' }],
  ['deallocate all', { kind: 'deallocate', name: undefined }],
  ['deallocate prepare a', { kind: 'deallocate', name: 'a' }],
  ['show transaction isolation level', { kind: 'show', name: 'transaction_isolation' }],
  ['declare "for" /* for */ cursor for select $1', { kind: 'declare', query: ' select $1' }],
  ['fetch 1 from c', { kind: 'cursor' }],
  ['close all', { kind: 'cursor' }],
  ['prepare p as select 1', { kind: 'query' }],
  ['not sql', { kind: 'query' }],
]
for (const [sql, command] of commands) {
  test(`${sql} is ${command.kind}`, async () => {
    assert.deepEqual(await commandsOf(sql), [command])
  })
}

for (const sql of [
  'copy t from stdin',
  'copy (select 1) to stdout',
  `prepare transaction 'x'`,
  `commit prepared 'x'`,
  'declare c cursor with hold for select 1',
]) {
  test(`${sql} is refused`, async () => {
    assert.equal((await commandsOf(sql))[0]?.kind, 'refused')
  })
}

test('a text is split where Postgres would split it', async () => {
  const parts = await readCommands(parser, `select 'é;'; ; -- ;\nbegin ;select $$;$$`)
  assert.deepEqual(
    parts.map(({ sql, command }) => [sql.trim(), command.kind]),
    [
      [`select 'é;'`, 'query'],
      [parts[1]?.sql.trim(), 'begin'],
      ['select $$;$$', 'query'],
    ],
  )
})

test('more statements than a hundred are refused', async () => {
  await assert.rejects(commandsOf('select 1;'.repeat(101)), /100 statements/)
})
