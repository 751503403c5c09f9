import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, beforeEach, test } from 'node:test'
import { ProxyError } from '../../errors'
import { createGate, type Gate } from '../gate'
import { withAllowlist } from './allowlist'
import { applyAllowlist } from './apply'
import { formatFile } from './file'
import { withRecorder } from './recorder'

let folder: string
let path: string
let gate: Gate

before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'allowlist-test-'))
  gate = await createGate()
})
after(() => {
  rmSync(folder, { recursive: true, force: true })
})
beforeEach(() => {
  path = join(folder, `${process.hrtime.bigint()}`)
})

function write(...statements: string[]): void {
  writeFileSync(path, formatFile(statements))
}

async function listing(...statements: string[]) {
  write(...statements)
  const listed = await withAllowlist(gate, path, () => undefined)
  // The watcher's timer does not keep the process alive.
  listed.close()
  return listed.gate
}

async function refusalOf(outcome: Promise<unknown>): Promise<ProxyError> {
  const error = await outcome.then(
    () => assert.fail('it was let through'),
    (thrown: unknown) => thrown,
  )
  assert.ok(error instanceof ProxyError, String(error))
  return error
}

test('a listed statement runs, whatever its spaces and comments', async () => {
  const listed = await listing('select id from memos where body = $1 limit 10')
  await listed(`SELECT id FROM memos\n WHERE body = $1 /* today */ LIMIT 10`)
})

test('an unlisted statement is refused with a hint', async () => {
  const listed = await listing('select id from memos')
  const error = await refusalOf(listed('select body from memos'))
  assert.equal(error.code, 'statement_not_listed')
  assert.match(error.message, /it is not on the list of allowed statements/)
  assert.match(error.fields.hint ?? '', /npm run proxy:allowlist/)
})

test('an empty text is not on the list', async () => {
  const listed = await listing('select id from memos')
  for (const sql of ['', ' ', '-- select id from memos', ';']) {
    assert.equal((await refusalOf(listed(sql))).code, 'statement_not_listed', `“${sql}”`)
  }
})

test('the gate still applies: it refuses listed statements, too', async () => {
  const listed = await listing('select pg_sleep(1)', 'set role postgres')
  for (const sql of ['select pg_sleep(1)', 'set role postgres']) {
    assert.equal((await refusalOf(listed(sql))).code, 'statement_refused', sql)
  }
})

test('a missing, empty or invalid list prevents the start with one sentence', async () => {
  const start = () => applyAllowlist(gate, { allowlist: path, allowlistRecord: null })
  await assert.rejects(start(), {
    name: 'ConfigError',
    message: /PROXY_ALLOWLIST .*cannot be read/,
  })
  const wrong: [string, RegExp][] = [
    ['', /lists no statement/],
    ['# only a comment\n', /lists no statement/],
    ['select 1\nselec 1\n', /line 2: this is not one valid SQL statement/],
    ['select 1; select 2\n', /line 1: this is not one valid SQL statement/],
    ['0123456789abcdef select 1\n', /line 1: a fingerprint stands before .* record the list again/],
  ]
  for (const [content, message] of wrong) {
    writeFileSync(path, content)
    await assert.rejects(start(), (error: unknown) => {
      assert.ok(error instanceof Error)
      assert.match(error.message, message)
      assert.equal(error.message.split('\n').length, 1)
      return true
    })
  }
})

test('recording while a list is active is refused', async () => {
  await assert.rejects(applyAllowlist(gate, { allowlist: path, allowlistRecord: path }), {
    name: 'ConfigError',
    message: /exclude each other/,
  })
})

test('a changed file takes effect without a restart, and a broken one changes nothing', async () => {
  write('select id from memos')
  let tell: (sentence: string) => void = () => undefined
  const told = () =>
    new Promise<string>((resolve, reject) => {
      const timer = setTimeout(() => {
        reject(new Error('nothing was told'))
      }, 10_000)
      tell = (sentence) => {
        clearTimeout(timer)
        resolve(sentence)
      }
    })
  const { gate: listed, close } = await withAllowlist(gate, path, (sentence) => {
    tell(sentence)
  })
  try {
    let sentence = told()
    write('select body from memos', 'select id from memos')
    assert.match(await sentence, /read again: 2 statements/)
    await listed('select body from memos')

    sentence = told()
    writeFileSync(path, '')
    assert.match(await sentence, /stays as it was: .* lists no statement/)
    await listed('select body from memos')

    sentence = told()
    write('select id from memos')
    assert.match(await sentence, /read again: 1 statements/)
    await refusalOf(listed('select body from memos'))
  } finally {
    close()
  }
})

test('the recorded list has what was sent, without comments, and can be loaded', async () => {
  const recording = await withRecorder(gate, path)
  const statements = [
    `select id from memos where body = 'milk' -- s3cret`,
    `select /* s3cret */ interval '1 day', 4711, $1::text, e'milk\\n', x'4711' from memos`,
    `insert into memos (body) values ($$milk$$), (U&'milk')`,
    `select "body", U&"t\\0061sk"\n from memos;`,
  ]
  for (const sql of statements) await recording(sql)
  const text = readFileSync(path, 'utf8')
  assert.doesNotMatch(text, /s3cret/)
  assert.equal(text.trim().split('\n').length, statements.length)
  const { gate: listed, close } = await withAllowlist(gate, path)
  close()
  for (const sql of statements) await listed(sql)
})

test('a statement is recorded once; a refused one and one of two lines are not', async () => {
  const recording = await withRecorder(gate, path)
  await recording('select id from memos where id = $1')
  await recording('select id\n from memos where id = $1;')
  await recording(`select 'a\nb'`)
  await refusalOf(recording('select pg_sleep(1)'))
  assert.equal(readFileSync(path, 'utf8'), 'select id from memos where id = $1\n')
})
