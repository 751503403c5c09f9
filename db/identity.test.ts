import assert from 'node:assert/strict'
import { createHash, createHmac, randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { after, before, describe, test } from 'node:test'
import { DatabaseError } from 'pg'
import { sealClaims } from '../proxy/src/auth/seal'
import { parseSessionKey } from '../proxy/src/auth/session-key'
import { connect, runAs, seal } from '../proxy/test/testing/as-user'
import { openDatabase, type OpenDatabase } from './testing/open-database'

const README = readFileSync('proxy/README.md', 'utf8')
const ALICE_UUID = '0b9f5a3e-4c1d-4f8a-9b2e-7d6c5a4b3f21'

let database: OpenDatabase['database']
let owner: OpenDatabase['owner']
let authenticator: OpenDatabase['authenticator']
let close: OpenDatabase['close']

before(async () => {
  ;({ database, owner, authenticator, close } = await openDatabase())
})

after(() => close())

/** What `expression` is for somebody who comes with this token. */
async function ask(expression: string, token: string, role: Role = 'authenticated') {
  const { rows } = await runAs(authenticator, { role, token }, `select ${expression} as answer`)
  return rows[0]?.answer
}
type Role = 'authenticated' | 'anonymous'

const valid = (claims: Record<string, unknown> = {}) =>
  seal(database.sessionKey, { sub: 'user_alice', ...claims })

const refusal = (words: RegExp) => (error: unknown) => {
  assert(error instanceof Error && 'code' in error)
  assert.equal(error.code, '28000')
  assert.match(error.message, words)
  return true
}

/** All others ask one of these two. */
const QUESTIONS = ['auth.user_id()', 'auth.session()']

describe('a session that the proxy sealed', () => {
  test('has all its claims', async () => {
    const claims = { sub: 'user_alice', exp: Math.floor(Date.now() / 1000) + 60, name: 'Älice 🌱' }
    const token = sealClaims(parseSessionKey(database.sessionKey), JSON.stringify(claims))
    assert.deepEqual(await ask('auth.session()', token), claims)
    assert.deepEqual(await ask('auth.jwt()', token), claims)
  })

  test('can have claims of any length', async () => {
    for (let length = 0; length < 70; length++) {
      assert.equal(
        await ask(`auth.session() ->> 'pad'`, valid({ pad: 'x'.repeat(length) })),
        'x'.repeat(length),
      )
    }
    const long = 'x'.repeat(100_000)
    assert.equal(await ask(`auth.session() ->> 'pad'`, valid({ pad: long })), long)
  })

  test('can have claims as they were signed: with spaces, escapes, and keys that repeat', async () => {
    const key = parseSessionKey(database.sessionKey)
    for (const claims of [
      ' {\n "exp": 4e9,\t"sub" : "user_alice" }\r\n ',
      '{"exp":4000000000,"sub":"\\u0075ser_alice"}',
      // The last one counts, as in JSON.parse(), by which the proxy has judged them.
      '{"exp":4e9,"sub":"user_bob","sub":"user_alice"}',
      '{"exp":"never","sub":"user_alice","exp":4e9}',
      '{"🌱":"Ä","exp":4e9,"sub":"user_alice"}',
    ]) {
      assert.equal(await ask('auth.user_id()', sealClaims(key, claims)), 'user_alice', claims)
      assert.deepEqual(await ask('auth.session()', sealClaims(key, claims)), JSON.parse(claims))
    }
  })

  test('names the user', async () => {
    assert.equal(await ask('auth.user_id()', valid()), 'user_alice')
    assert.equal(await ask('auth.user_id()', valid({ sub: 'Älice 🌱 "\\' })), 'Älice 🌱 "\\')
  })

  test('names a user of any length, and of letters of any width', async () => {
    for (const letter of ['a', 'Ä', '🌱', '1', '"', '{', '\n', '\u0001']) {
      for (const length of [1, 2, 9, 10, 255, 256, 999, 1_000, 9_999]) {
        const sub = letter.repeat(length)
        assert.equal(await ask('auth.user_id()', valid({ sub })), sub)
        assert.equal(await ask(`auth.session() ->> 'sub'`, valid({ sub })), sub)
      }
    }
  })

  test('has a uuid only where the user’s id is one', async () => {
    assert.equal(await ask('auth.uid()', valid({ sub: ALICE_UUID })), ALICE_UUID)
    assert.equal(await ask('auth.uid()', valid({ sub: ALICE_UUID.toUpperCase() })), ALICE_UUID)
    const others = ['user_alice', `${ALICE_UUID}0`, `x${ALICE_UUID}`, `${ALICE_UUID}\n`, '']
    for (const sub of others) assert.equal(await ask('auth.uid()', valid({ sub })), null, sub)
  })

  test('has no user where it has no subject', async () => {
    assert.equal(await ask('auth.user_id()', valid({ sub: undefined })), null)
    assert.equal(await ask('auth.user_id()', valid({ sub: '' })), null)
  })

  test('names the user even where other claims are beyond Postgres’ JSON, which is an error then', async () => {
    for (const name of ['\u0000', '\ud800']) {
      assert.equal(await ask('auth.user_id()', valid({ name })), 'user_alice')
      await assert.rejects(ask('auth.session()', valid({ name })), DatabaseError)
    }
  })

  test('names the organisation that the user acts for', async () => {
    const o = { id: ALICE_UUID, slug: 'acme', role: 'admin' }
    assert.deepEqual(await ask('auth.organization()', valid({ o })), o)
    assert.equal(await ask('auth.organization_id()', valid({ o })), ALICE_UUID)
    assert.equal(await ask('auth.organization()', valid()), null)
    for (const other of ['acme', 1, true, null, [], [o]]) {
      assert.equal(await ask('auth.organization()', valid({ o: other })), null)
      assert.equal(await ask('auth.organization_id()', valid({ o: other })), null)
    }
    for (const id of ['acme', 1, null, undefined, [ALICE_UUID]]) {
      assert.equal(await ask('auth.organization_id()', valid({ o: { id } })), null)
    }
  })

  test('stays valid for 30 s after its expiry, as in the proxy', async () => {
    const expiredFor = (seconds: number) => valid({ exp: Math.floor(Date.now() / 1000) - seconds })
    for (const question of QUESTIONS) {
      assert.notEqual(await ask(question, expiredFor(25)), null)
      await assert.rejects(ask(question, expiredFor(31)), refusal(/expired/))
    }
  })

  test('has no user once its transaction is over', async () => {
    await ask('auth.user_id()', valid())
    assert.equal(await ask('auth.user_id()', ''), null)
    const { rows } = await authenticator.query<Record<string, unknown>>(
      `select current_user as role, current_setting('auth.session_token', true) as token`,
    )
    assert.deepEqual(rows, [{ role: 'authenticator', token: '' }])
  })
})

describe('differs from pg_session_jwt in what proxy/README.md lists', () => {
  test('1: there is nothing to be initialised in SQL', async () => {
    const { rows } = await owner.query<Record<string, unknown>>(
      `select to_regprocedure('auth.init()') as init,
         to_regprocedure('auth.jwt_session_init(text)') as session_init`,
    )
    assert.deepEqual(rows, [{ init: null, session_init: null }])
  })

  test('2 and 3: request.jwt.claims is never read, and no user is SQL NULL', async () => {
    const { rows } = await runAs(
      authenticator,
      { role: 'authenticated', token: '' },
      `set local request.jwt.claims = '{"sub": "user_alice"}'`,
      `select auth.session() is null and auth.jwt() is null as is_null, auth.user_id() as id`,
    )
    assert.deepEqual(rows, [{ is_null: true, id: null }])
  })

  test('4: an invalid identity is 28000', async () => {
    for (const token of ['garbage', `${valid()}x`, valid({ exp: 1 })]) {
      await assert.rejects(ask('auth.session()', token), refusal(/session/))
    }
  })

  test('5 and 6: times may have fractions, every call checks the time, and no jti is needed', async () => {
    const exp = Date.now() / 1000 - 29.5
    const { rows } = await runAs(
      authenticator,
      { role: 'authenticated', token: valid({ exp: exp + 60.25 }) },
      `select auth.user_id() as id`,
    )
    assert.deepEqual(rows, [{ id: 'user_alice' }])
    await assert.rejects(ask('auth.user_id()', valid({ exp: exp - 2 })), refusal(/expired/))
  })

  test('7: an empty id is NULL', async () => {
    assert.equal(await ask('auth.user_id()', valid({ sub: '' })), null)
  })

  test('8: a uuid has hyphens', async () => {
    const plain = ALICE_UUID.replaceAll('-', '')
    for (const id of [plain, `{${ALICE_UUID}}`, `urn:uuid:${ALICE_UUID}`]) {
      assert.equal(await ask('auth.uid()', valid({ sub: id })), null)
      assert.equal(await ask('auth.organization_id()', valid({ o: { id } })), null)
    }
  })

  test('the table has eight rows', () => {
    const rows = /\n## Coming from pg_session_jwt\n(.*?)\n## /s.exec(README)?.[1] ?? ''
    assert.deepEqual(rows.match(/(?<=^\| )\d+/gm), ['1', '2', '3', '4', '5', '6', '7', '8'])
  })
})

test('the README’s table for organizations works with Clerk’s ids: members only, and admins delete', async () => {
  const sql = /\n## Organizations\n.*?```sql\n(.*?)```/s.exec(README)?.[1]
  assert.ok(sql)
  await owner.query(sql)
  const as = (id: string, rol: string, ...statements: string[]) =>
    runAs(
      authenticator,
      {
        role: 'authenticated',
        token: valid({ sub: `user_${rol}`, o: { id, rol, slg: id.slice(4) } }),
      },
      ...statements,
    )
  try {
    assert.equal(await ask('auth.organization_id()', valid({ o: { id: 'org_acme' } })), null)
    await as('org_acme', 'member', `insert into notes (body) values ('of acme')`)
    await as('org_other', 'admin', `insert into notes (body) values ('of other')`)
    const bodies = async (id: string) =>
      (await as(id, 'member', 'select body from notes')).rows.map(({ body }) => body)
    assert.deepEqual(await bodies('org_acme'), ['of acme'])
    await assert.rejects(
      as(
        'org_acme',
        'admin',
        `insert into notes (organization_id, body) values ('org_other', 'x')`,
      ),
      /row-level security/,
    )
    assert.equal((await as('org_acme', 'member', 'delete from notes')).rowCount, 0)
    assert.equal((await as('org_acme', 'admin', 'delete from notes')).rowCount, 1)
    assert.deepEqual(await bodies('org_other'), ['of other'])
    const nobody = { role: 'authenticated' as const, token: valid({ o: undefined }) }
    assert.equal((await runAs(authenticator, nobody, 'select from notes')).rowCount, 0)
  } finally {
    await owner.query('drop table notes')
  }
})

describe('without a session', () => {
  for (const role of ['authenticated', 'anonymous'] as const) {
    test(`every identity function returns NULL for ${role}`, async () => {
      for (const name of ['session', 'jwt', 'user_id', 'uid', 'organization', 'organization_id']) {
        assert.equal(await ask(`auth.${name}()`, '', role), null, name)
      }
    })
  }

  test('and also on a connection that never had a session', async () => {
    const fresh = await connect(database.authenticatorUrl)
    await fresh.query('begin; set local role authenticated')
    const { rows } = await fresh.query<{ id: unknown }>('select auth.user_id() as id')
    await fresh.end()
    assert.deepEqual(rows, [{ id: null }])
  })
})

/** Where the planner knows the token, and where it does not; left alone, it does five times. */
const PLANS = ['force_custom_plan', 'force_generic_plan']

describe('a session that the proxy did not seal is an error, never NULL', () => {
  const parts = (token = valid()) => ({
    kid: token.slice(0, 8),
    mac: token.slice(8, 72),
    /** Its end, the subject's length, the subject, and JSON. */
    claims: token.slice(72),
  })
  type Parts = ReturnType<typeof parts>
  const forge = (change: (parts: Parts) => Partial<Parts>) => () => {
    const { kid, mac, claims } = { ...parts(), ...change(parts()) }
    return kid + mac + claims
  }
  const bobs = `040000000000008user_bob${JSON.stringify({ sub: 'user_bob', exp: 4e9 })}`
  const strangers = () => parts(seal(randomBytes(32).toString('base64'), { sub: 'user_alice' }))

  const FORGERIES: [string, () => string, RegExp][] = [
    ['other claims', forge(() => ({ claims: bobs })), /seal does not fit/],
    [
      'another subject',
      forge((p) => ({ claims: p.claims.replace('user_alice', 'user_malic') })),
      /seal does not fit/,
    ],
    [
      'a subject cut short by its length',
      forge((p) => ({ claims: p.claims.replace('0010user_alice', '0004user_alice') })),
      /seal does not fit/,
    ],
    ['a later end', forge((p) => ({ claims: `04${p.claims.slice(2)}` })), /seal does not fit/],
    ['an end that is no number', forge((p) => ({ claims: `x${p.claims}` })), /seal does not fit/],
    [
      'a length that is no number',
      forge((p) => ({ claims: p.claims.replace('0010user', 'xxxxuser') })),
      /seal does not fit/,
    ],
    ['claims that are no JSON', forge(() => ({ claims: '{user_bob' })), /seal does not fit/],
    ['claims that are a number', forge(() => ({ claims: '1' })), /seal does not fit/],
    ['claims that JSON cannot hold', forge(() => ({ claims: '"\\u0000"' })), /seal does not fit/],
    ['no claims', forge(() => ({ claims: '' })), /seal does not fit/],
    ['a key repeated', forge((p) => ({ claims: p.claims + bobs })), /seal does not fit/],
    ['a space more', forge((p) => ({ claims: `${p.claims} ` })), /seal does not fit/],
    ['a line break more', forge((p) => ({ claims: `${p.claims}\n` })), /seal does not fit/],
    ['a letter less', forge((p) => ({ claims: p.claims.slice(0, -1) })), /seal does not fit/],
    ['a space before the claims', forge((p) => ({ claims: ` ${p.claims}` })), /seal does not fit/],

    ['a seal made up', forge(() => ({ mac: '0'.repeat(64) })), /seal does not fit/],
    ['a seal that is not hex', forge(() => ({ mac: 'x'.repeat(64) })), /seal does not fit/],
    ['a seal in capitals', forge((p) => ({ mac: p.mac.toUpperCase() })), /seal does not fit/],
    [
      'a seal with its last digit changed',
      forge((p) => ({ mac: flip(p.mac) })),
      /seal does not fit/,
    ],
    ['a seal too short', forge((p) => ({ mac: p.mac.slice(0, -1) })), /seal does not fit/],
    ['a seal too long', forge((p) => ({ mac: `${p.mac}0` })), /seal does not fit/],
    ['a seal moved to the right', forge((p) => ({ mac: ` ${p.mac}` })), /seal does not fit/],
    ['a seal moved to the left', forge((p) => ({ mac: p.mac.slice(1) })), /seal does not fit/],
    ['no seal', forge(() => ({ mac: '' })), /seal does not fit/],
    ['no seal and no claims', forge(() => ({ mac: '', claims: '' })), /seal does not fit/],
    ['the seal alone', forge(() => ({ claims: '' })), /seal does not fit/],
    // One character of four bytes, or two of two, where bytes and characters could be confused.
    ['a seal of wide letters', forge(() => ({ mac: '🌱'.repeat(64) })), /seal does not fit/],
    ['a seal of 64 bytes', forge(() => ({ mac: 'Ä'.repeat(32) })), /seal does not fit/],
    ['a seal that begins wide', forge((p) => ({ mac: `Ä${p.mac.slice(1)}` })), /seal does not fit/],
    [
      'a seal that ends wide',
      forge((p) => ({ mac: `${p.mac.slice(0, 63)}Ä` })),
      /seal does not fit/,
    ],
    ['a wide letter put in', forge((p) => ({ claims: `Ä${p.claims}` })), /seal does not fit/],
    [
      'a wide letter instead of {',
      forge((p) => ({ claims: `🌱${p.claims.slice(1)}` })),
      /seal does not fit/,
    ],
    [
      'the claims’ plain hash',
      forge(() => ({ mac: sha256(bobs), claims: bobs })),
      /seal does not fit/,
    ],
    [
      'an HMAC with no key',
      forge(() => ({ mac: hmac('', bobs), claims: bobs })),
      /seal does not fit/,
    ],
    [
      'an HMAC with the key’s id for a key',
      forge(({ kid }) => ({ mac: hmac(kid, bobs), claims: bobs })),
      /seal does not fit/,
    ],

    ['another key', () => seal(randomBytes(32).toString('base64'), {}), /does not know/],
    [
      'another key under the name of ours',
      forge(() => ({ ...strangers(), kid: parts().kid })),
      /seal does not fit/,
    ],
    [
      'our seal under the name of another key',
      forge(() => ({ kid: strangers().kid })),
      /does not know/,
    ],
    ['a key’s id in capitals', forge(({ kid }) => ({ kid: capitals(kid) })), /does not know/],
    // The seal's first digit may happen to be the one that was cut off.
    ['a key’s id cut short', forge((p) => ({ kid: p.kid.slice(0, 7) })), /does not (know|fit)/],
    ['no key’s id', forge(() => ({ kid: '' })), /does not know/],
    ['a space before', () => ` ${valid()}`, /does not know/],
    ['a line break before', () => `\n${valid()}`, /does not know/],
    ['a wide letter before', () => `Ä${valid()}`, /does not know/],
    ['patterns for a key’s id', forge(() => ({ kid: '%_______' })), /does not know/],

    ['a plain user id', () => 'user_alice', /does not know/],
    ['plain claims', () => '{"sub":"user_alice"}', /does not know/],
    ['an unsigned JWT', () => `eyJhbGciOiJub25lIn0.${base64url(bobs)}.`, /does not know/],
    [
      'the form with dots',
      forge(({ kid }) => {
        const signed = `.${base64url(bobs)}`
        return { mac: signed, claims: `.${base64url(hmac(kid, kid + signed))}` }
      }),
      /seal does not fit/,
    ],
    ['garbage', () => '%\u00ff\u2603..', /does not know/],
    ['a space', () => ' ', /does not know/],
    ['a backslash', () => '\\x00', /does not know/],
    ['72 wide letters', () => '🌱'.repeat(72), /does not know/],
  ]
  for (const [name, token, words] of FORGERIES) {
    test(name, async () => {
      for (const plan of PLANS) {
        const refused = (expression: string, role: Role) =>
          assert.rejects(
            runAs(
              authenticator,
              { role, token: token() },
              `set local plan_cache_mode = ${plan}`,
              `select ${expression}`,
            ),
            refusal(words),
            `${expression}, ${plan}`,
          )
        await refused('auth.user_id()', 'authenticated')
        await refused('auth.session()', 'anonymous')
        await refused('auth.organization_id()', 'authenticated')
        await refused('(select count(*) from todos)', 'authenticated')
      }
    })
  }

  test('even if only one digit of the seal is wrong, whichever it is', async () => {
    for (let digit = 0; digit < 64; digit++) {
      const token = forge(({ mac }) => ({
        mac: flip(mac.slice(0, digit + 1)) + mac.slice(digit + 1),
      }))()
      for (const question of QUESTIONS) {
        await assert.rejects(ask(question, token), refusal(/seal does not fit/))
      }
    }
  })

  const capitals = (kid: string) => (/[a-f]/.test(kid) ? kid.toUpperCase() : 'ABCDEF00')
  const flip = (hex: string) => hex.slice(0, -1) + (hex.endsWith('0') ? '1' : '0')
  const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')
  const hmac = (key: string, text: string) => createHmac('sha256', key).update(text).digest('hex')
  const base64url = (text: string) => Buffer.from(text).toString('base64url')
})

describe('a session that the proxy sealed is refused as well', () => {
  test('once it has expired', async () => {
    for (const exp of [Math.floor(Date.now() / 1000) - 31, 1_700_000_000, 0]) {
      for (const question of ['auth.user_id()', 'auth.session()', 'auth.organization_id()']) {
        await assert.rejects(ask(question, valid({ exp })), refusal(/expired/))
      }
    }
  })

  test('in the earlier format, without an expiry at its fixed position', async () => {
    const { kid, key } = parseSessionKey(database.sessionKey)
    const claims = JSON.stringify({ sub: 'user_alice', exp: 4e9 })
    const mac = createHmac('sha256', key).update(claims).digest('hex')
    for (const question of ['auth.user_id()', 'auth.session()', '(select count(*) from todos)']) {
      await assert.rejects(ask(question, kid + mac + claims), { code: '22P02' })
    }
  })

  test('no error repeats anything of the token', async () => {
    const secret = 'only-in-the-claims'
    for (const token of [
      `${valid({ secret })}x`,
      valid({ secret, exp: 1 }),
      valid({ secret, sub: secret, exp: 1 }),
      `x${valid({ secret })}`,
      // Neither the parser of JSON nor that of numbers gets to see what nobody has sealed.
      valid().slice(0, 72) + secret,
      valid().slice(0, 72) + JSON.stringify({ exp: secret }),
      `${valid().slice(0, 83)}${secret}`,
    ]) {
      for (const [plan, question] of PLANS.flatMap((plan) => QUESTIONS.map((q) => [plan, q]))) {
        await assert.rejects(
          runAs(
            authenticator,
            { role: 'authenticated', token },
            `set local plan_cache_mode = ${plan}`,
            `select ${question}`,
          ),
          (error: unknown) => {
            assert(error instanceof DatabaseError)
            const words = JSON.stringify(error) + String(error)
            for (const part of [secret, token.slice(0, 8), token.slice(8, 72)]) {
              assert(!words.includes(part), words)
            }
            return true
          },
        )
      }
    }
  })
})

describe('the functions that stand behind the answer', () => {
  test('can be called only by the owner', async () => {
    const { rows } = await owner.query(`
      select p.oid::regprocedure as function, role from pg_proc as p
      cross join unnest(array['authenticator', 'authenticated', 'anonymous']) as role
      where p.pronamespace = 'private'::regnamespace and has_function_privilege(role, p.oid, 'execute')`)
    assert.deepEqual(rows, [])
  })

  test('can be used in parallel, and only one has the rights of its owner', async () => {
    const { rows } = await owner.query(`
      select proname as name, prosecdef as "hasRights", concat(provolatile, proparallel) as kind from pg_proc
      where pronamespace = 'auth'::regnamespace and has_function_privilege('authenticated', oid, 'execute')
      order by proname`)
    const invoker = { hasRights: false, kind: 'ss' }
    assert.deepEqual(rows, [
      { name: 'jwt', ...invoker },
      { name: 'organization', ...invoker },
      { name: 'organization_id', ...invoker },
      { name: 'session', ...invoker },
      { name: 'uid', ...invoker },
      { name: 'user_id', hasRights: true, kind: 'ss' },
    ])
  })

  test('are all that users may call: what tells of sessions and live tables is for the proxy’s login', async () => {
    const { rows } = await owner.query(`
      select proname as name, role from pg_proc
      cross join unnest(array['authenticator', 'authenticated', 'anonymous']) as role
      where pronamespace = 'auth'::regnamespace and proname not in
        ('jwt', 'organization', 'organization_id', 'session', 'uid', 'user_id')
        and has_function_privilege(role, pg_proc.oid, 'execute')
      order by name, role`)
    const role = 'authenticator'
    assert.deepEqual(rows, [
      { name: 'live_functions', role },
      { name: 'running_sessions', role },
      { name: 'watched_tables', role },
    ])
  })

  test('are inlined: one check of the seal, and no function around it', async () => {
    for (const [name, asked] of [
      ['uid', 'auth.user_id()'],
      ['jwt', 'auth.session()'],
      ['organization', 'auth.session()'],
      ['organization_id', 'auth.session()'],
    ]) {
      const { rows } = await runAs(
        authenticator,
        { role: 'authenticated', token: valid() },
        `explain (verbose, costs off) select auth.${name}()`,
      )
      const plan = rows.map((row) => String(row['QUERY PLAN'])).join('\n')
      assert.deepEqual(plan.match(/auth\.\w+\(\)/g), [asked], plan)
    }
  })

  test('mean the same with any search_path', async () => {
    await owner.query(`
      create schema trap;
      create function trap.sha256(bytea) returns bytea language sql return '\\x00'::bytea;
      create function trap.substr(text, int) returns text language sql return '040000000000008user_bob{}';
      create function trap.substr(text, int, int) returns text language sql return 'user_bob';
      create function trap.left(text, int) returns text language sql return '04000000000';
      create function trap.starts_with(text, text) returns boolean language sql return true;
      create function trap.always(bytea, bytea) returns boolean language sql return true;
      create operator trap.= (leftarg = bytea, rightarg = bytea, function = trap.always);
      grant usage on schema trap to authenticated;`)
    try {
      const trapped = (token: string) =>
        runAs(
          authenticator,
          { role: 'authenticated', token },
          'set local search_path = trap, pg_catalog, public',
          `select auth.user_id() as id, auth.session() ->> 'sub' as sub`,
        )
      const [answer] = (await trapped(valid())).rows
      assert.deepEqual(answer, { id: 'user_alice', sub: 'user_alice' })
      await assert.rejects(trapped(`${valid()} `), refusal(/seal does not fit/))
    } finally {
      await owner.query('drop schema trap cascade')
    }
  })

  test('mean the same whatever temporary objects a user has created, including types', async () => {
    // What keeps users from temporary objects is off: a type of one is found before all others,
    // unless the path says otherwise, and its check would run with the rights of the owner.
    await owner.query(`
      alter event trigger users_define_nothing disable;
      do $$ begin execute format('grant temporary on database %I to authenticated', current_database()); end $$`)
    try {
      for (const type of ['text', 'float8', 'int4', 'jsonb', 'bool', 'timestamptz']) {
        const fresh = await connect(database.authenticatorUrl)
        try {
          const rows = await runAs(
            fresh,
            { role: 'authenticated', token: valid() },
            `create function pg_temp.is_mine() returns pg_catalog.bool language sql return current_user = 'authenticated'`,
            `create domain pg_temp.${type} as pg_catalog.${type} check (pg_temp.is_mine())`,
            `select auth.user_id() as id, auth.session() ->> 'sub' as sub`,
          )
          assert.deepEqual(rows.rows, [{ id: 'user_alice', sub: 'user_alice' }], type)
        } finally {
          await fresh.end()
        }
      }
    } finally {
      await owner.query(`
        alter event trigger users_define_nothing enable;
        do $$ begin execute format('revoke temporary on database %I from authenticated', current_database()); end $$`)
    }
  })

  test('work in a parallel worker', async () => {
    const { rows: names } = await owner.query<{ name: string }>(
      `select name from pg_settings where name in ('debug_parallel_query', 'force_parallel_mode')`,
    )
    const { rows } = await runAs(
      authenticator,
      { role: 'authenticated', token: valid() },
      `set local ${names[0]?.name ?? ''} = on`,
      `select auth.user_id() as id, auth.session() ->> 'sub' as sub`,
    )
    assert.deepEqual(rows, [{ id: 'user_alice', sub: 'user_alice' }])
  })
})
