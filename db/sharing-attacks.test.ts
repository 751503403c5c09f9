/** What members and strangers would try to get more than they were given. */
import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, test } from 'node:test'
import { DatabaseError, type Client } from 'pg'
import { connect, runAllAs, runAs, seal } from '../proxy/test/testing/as-user'
import {
  INVITATION,
  layOutScene,
  LIST,
  NO_LIST,
  OTHER_LIST,
  PEOPLE,
  SECRET,
  SECRET_HASH,
  TODOS,
  type Who,
} from './testing/sharing/scene'
import { openDatabase, type OpenDatabase } from './testing/open-database'

let database: OpenDatabase['database']
let owner: OpenDatabase['owner']
let authenticator: OpenDatabase['authenticator']
let close: OpenDatabase['close']
before(async () => {
  ;({ database, owner, authenticator, close } = await openDatabase())
  await owner.query('grant moderator to authenticator')
})
beforeEach(() => layOutScene(owner))
after(async () => {
  await owner.query('revoke moderator from authenticator')
  await close()
})

function actor(who: Who) {
  const { role, claims } = PEOPLE[who]
  return { role, token: claims === null ? '' : seal(database.sessionKey, claims) }
}

const as = (who: Who, ...statements: string[]) => runAs(authenticator, actor(who), ...statements)

/** The refusal in all its parts that a client sees. */
async function refusal(who: Who, statement: string): Promise<string> {
  try {
    const { rowCount } = await as(who, statement)
    return `${rowCount} rows`
  } catch (error) {
    assert.ok(error instanceof DatabaseError)
    return [error.code, error.message, error.detail, error.constraint].join(' ')
  }
}

async function roleOf(user: string, list = LIST): Promise<string | undefined> {
  const { rows } = await owner.query<{ role: string }>(
    'select role from list_members where list_id = $1 and user_id = $2',
    [list, user],
  )
  return rows[0]?.role
}

describe('an editor does not become an owner', () => {
  const ATTEMPTS: readonly [how: string, statement: string][] = [
    ['by an INSERT', `insert into list_members values ('${LIST}', 'bob', 'owner')`],
    [
      'by ON CONFLICT',
      `insert into list_members (list_id, user_id, role) values ('${LIST}', 'bob', 'owner')
       on conflict (list_id, user_id) do update set role = excluded.role`,
    ],
    ['by an UPDATE', `update list_members set role = 'owner' where user_id = 'bob'`],
    ['by an UPDATE without a condition', `update list_members set role = 'owner'`],
    [
      'by a MERGE',
      `merge into list_members as m using (values ('bob')) as s (id) on m.user_id = s.id
       when matched then update set role = 'owner'`,
    ],
    [
      'by an UPDATE in a CTE',
      `with raised as (update list_members set role = 'owner' returning *) select * from raised`,
    ],
    [
      'by a column that only the database writes',
      `update list_members set may_own = true where user_id = 'bob'`,
    ],
    [
      'by joining again',
      `insert into list_joins (secret, role, list_id) values ('${SECRET}', 'owner', '${LIST}')`,
    ],
    [
      'by making the list anew',
      `insert into lists (id, name) values ('${LIST}', 'mine') on conflict (id) do update set created_by = 'bob'`,
    ],
    ['by a new list with the same id', `insert into lists (id, name) values ('${LIST}', 'mine')`],
    [
      'by a link that makes owners',
      `insert into list_links (list_id, role, secret_hash) values ('${LIST}', 'owner', repeat('0', 64))`,
    ],
  ]
  for (const [how, statement] of ATTEMPTS) {
    test(how, async () => {
      await refusal('editor', statement)
      assert.equal(await roleOf('bob'), 'editor')
      assert.equal(await roleOf('alice'), 'owner')
    })
  }
})

describe('looking at a list before joining it', () => {
  const look = (secret: string) =>
    `insert into list_previews (secret, name, role) values ('${secret}', 'mine', 'owner') returning *`

  test('tells its name, its owner and the role, and neither keeps the secret nor joins', async () => {
    await owner.query(`update list_members set name = 'Alice' where user_id = 'alice'`)
    const { rows } = await as('stranger', look(SECRET))
    const told = { secret: null, name: 'Alice’s list', role: 'editor', owner_name: 'Alice' }
    assert.deepEqual(rows, [told])
    assert.deepEqual((await as('stranger', 'select * from list_previews')).rows, [])
    assert.equal(await roleOf('erin'), undefined)
  })

  test('fails alike for a wrong secret and a revoked one, and needs a user', async () => {
    const wrong = await refusal('stranger', look('x'))
    assert.match(wrong, /^RL002 /)
    for (const who of ['user without an id', 'nobody', 'moderator'] as const) {
      assert.match(await refusal(who, look(SECRET)), /^(RL002|42501) /)
    }
    await as('owner', 'delete from list_links')
    assert.equal(await refusal('stranger', look(SECRET)), wrong)
  })
})

describe('joining', () => {
  test('by a link gives the role of the link, whatever else the statement says', async () => {
    const { rows } = await as(
      'stranger',
      `insert into list_joins (secret, role, list_id) values ('${SECRET}', 'owner', '${OTHER_LIST}')
       returning *`,
    )
    assert.deepEqual(rows, [{ secret: null, invitation_id: null, list_id: LIST, role: 'editor' }])
    assert.equal(await roleOf('erin'), 'editor')
  })

  test('again gives back no role that an owner has taken away', async () => {
    await as('owner', `update list_members set role = 'viewer' where user_id = 'bob'`)
    const { rows } = await as(
      'editor',
      `insert into list_joins (secret) values ('${SECRET}') returning role`,
    )
    assert.deepEqual(rows, [{ role: 'viewer' }])
  })

  test('fails alike for a wrong secret, a revoked one and none, and for another’s invitation', async () => {
    const bySecret = `insert into list_joins (secret) values ('${SECRET}')`
    const wrong = await refusal('stranger', `insert into list_joins (secret) values ('x')`)
    assert.match(wrong, /^RL002 /)
    await as('owner', 'delete from list_links')
    for (const statement of [
      bySecret,
      'insert into list_joins default values',
      `insert into list_joins (secret) values ('')`,
      `insert into list_joins (invitation_id) values ('${INVITATION}')`,
      `insert into list_joins (invitation_id) values ('${NO_LIST}')`,
      `insert into list_joins (list_id, role) values ('${LIST}', 'owner')`,
    ]) {
      assert.equal(await refusal('stranger', statement), wrong, statement)
    }
    assert.equal(await roleOf('erin'), undefined)
  })

  test('needs a user', async () => {
    for (const who of ['user without an id', 'nobody'] as const) {
      await refusal(who, `insert into list_joins (secret) values ('${SECRET}')`)
    }
    const { rows } = await owner.query(
      `select from list_members where user_id not in ('alice', 'bob', 'carol', 'erin')`,
    )
    assert.deepEqual(rows, [])
  })

  test('by an invitation works once, and for letters of any case', async () => {
    const accept = `insert into list_joins (invitation_id) values ('${INVITATION}') returning role`
    assert.deepEqual((await as('invited', accept)).rows, [{ role: 'viewer' }])
    await as('invited', `delete from list_members where user_id = 'frank'`)
    assert.match(await refusal('invited', accept), /^RL002 /)
  })

  test('by an address with a letter that only looks the same is refused', async () => {
    // U+212A, the sign for kelvin, is a k in lower case.
    const claims = { sub: 'mallory', email: 'fran\u212A@example.com', email_verified: true }
    const mallory = { role: 'authenticated', token: seal(database.sessionKey, claims) } as const
    const { rows } = await runAs(authenticator, mallory, 'select from list_invitations')
    assert.deepEqual(rows, [])
    await assert.rejects(
      runAs(
        authenticator,
        mallory,
        `insert into list_joins (invitation_id) values ('${INVITATION}')`,
      ),
      { code: 'RL002' },
    )
  })

  for (const [what, value] of [
    ['the text “true”', 'true'],
    ['a number', 1],
    ['missing', undefined],
    ['false', false],
  ] as const) {
    test(`by an address whose verification is ${what} is refused`, async () => {
      const claims = { sub: 'frank', email: 'frank@example.com', email_verified: value }
      const frank = { role: 'authenticated', token: seal(database.sessionKey, claims) } as const
      const { rows } = await runAs(authenticator, frank, 'select from list_invitations')
      assert.deepEqual(rows, [])
    })
  }

  test('takes the name from the token, and not from the statement', async () => {
    const claims = { sub: 'erin', name: ' Erin E. ', email: 'x@example.com', email_verified: true }
    const erin = { role: 'authenticated', token: seal(database.sessionKey, claims) } as const
    await runAs(authenticator, erin, `insert into list_joins (secret) values ('${SECRET}')`)
    const { rows } = await owner.query(
      `select name from list_members where user_id = 'erin' and list_id = $1`,
      [LIST],
    )
    assert.deepEqual(rows, [{ name: 'Erin E.' }])
  })

  test('by a link counts from the moment at which its revocation is committed', async () => {
    const other = await connect(database.ownerUrl)
    try {
      await other.query('begin')
      await other.query('delete from list_links')
      const joined = refusal('stranger', `insert into list_joins (secret) values ('${SECRET}')`)
      await untilSomeoneWaits(other)
      await other.query('commit')
      assert.match(await joined, /^RL002 /)
    } finally {
      await other.end()
    }
  })
})

describe('a list keeps an owner', () => {
  const LEAVING: readonly [how: string, statement: string][] = [
    ['leaves', `delete from list_members where list_id = '${LIST}' and user_id = 'alice'`],
    ['removes everyone', `delete from list_members where list_id = '${LIST}'`],
    ['steps down', `update list_members set role = 'viewer' where user_id = 'alice'`],
    ['makes everyone a viewer', `update list_members set role = 'viewer'`],
    [
      'hands it to someone who is no member',
      `update list_members set role = case user_id when 'erin' then 'owner' else 'editor' end
       where list_id = '${LIST}' and user_id in ('alice', 'erin')`,
    ],
  ]
  for (const [how, statement] of LEAVING) {
    test(`when its only owner ${how}`, async () => {
      assert.match(await refusal('owner', statement), /^RL001 a list needs an owner/)
      assert.equal(await roleOf('alice'), 'owner')
    })
  }

  test('until it is deleted, with all that is in it', async () => {
    await as('owner', `delete from lists where id = '${LIST}'`)
    for (const table of ['list_members', 'list_links', 'list_invitations', 'todos']) {
      const { rows } = await owner.query(`select from ${table} where list_id = $1`, [LIST])
      assert.deepEqual(rows, [], table)
    }
  })

  for (const level of ['read committed', 'repeatable read']) {
    test(`when its two owners leave at the same moment (${level})`, async () => {
      await owner.query(
        `update list_members set role = 'owner' where user_id = 'bob' and list_id = $1`,
        [LIST],
      )
      const second = await connect(database.authenticatorUrl)
      const leave = (user: string) =>
        `delete from list_members where list_id = '${LIST}' and user_id = '${user}'`
      try {
        for (const [client, who] of [
          [authenticator, 'owner'],
          [second, 'editor'],
        ] as const) {
          const { role, token } = actor(who)
          await client.query(`begin isolation level ${level}`)
          await client.query(
            `select set_config('role', $1, true), set_config('auth.session_token', $2, true)`,
            [role, token],
          )
          // Its snapshot.
          await client.query('select from list_members')
        }
        await authenticator.query(leave('alice'))
        const left = second.query(leave('bob')).then(
          () => 'left',
          (error: unknown) => (error instanceof DatabaseError ? error.code : error),
        )
        await untilSomeoneWaits(owner)
        await authenticator.query('commit')
        assert.equal(await left, level === 'read committed' ? 'RL001' : '40001')
        await second.query('rollback')
        assert.equal(await roleOf('bob'), 'owner')
      } finally {
        await second.end()
      }
    })
  }
})

describe('a member who was removed', () => {
  test('has nothing from that moment on, not even what they wrote', async () => {
    await as('owner', `delete from list_members where user_id = 'bob' and list_id = '${LIST}'`)
    for (const statement of [
      `select from todos where list_id = '${LIST}'`,
      `update todos set task = 'x' where id = '${TODOS.bobs}' returning id`,
      `delete from todos where id = '${TODOS.bobs}' returning id`,
      `select from list_members where list_id = '${LIST}'`,
      `select from lists where id = '${LIST}'`,
    ]) {
      assert.equal((await as('editor', statement)).rowCount, 0, statement)
    }
  })
})

describe('an id that is not the user’s behaves like one that does not exist', () => {
  const PAIRS: readonly [what: string, statement: (id: string) => string, mine: string][] = [
    ['a list, for a todo', (id) => `insert into todos (task, list_id) values ('x', '${id}')`, LIST],
    [
      'a list, for moving a todo',
      (id) => `update todos set list_id = '${id}' where id = '${TODOS.erins}'`,
      LIST,
    ],
    [
      'a list, for a link',
      (id) =>
        `insert into list_links (list_id, role, secret_hash) values ('${id}', 'viewer', repeat('1', 64))`,
      LIST,
    ],
    [
      'a list, for an invitation',
      (id) =>
        `insert into list_invitations (list_id, list_name, email, role) values ('${id}', '', 'x@example.com', 'viewer')`,
      LIST,
    ],
    [
      // Frank is invited already: the unique constraint must not tell.
      'an address, for an invitation',
      (id) =>
        `insert into list_invitations (list_id, list_name, email, role) values ('${id}', '', 'frank@example.com', 'viewer')`,
      LIST,
    ],
    [
      'a todo, for a report',
      (id) => `insert into reports (todo_id) values ('${id}')`,
      TODOS.alices,
    ],
    [
      'a private todo, for a report',
      (id) => `insert into reports (todo_id) values ('${id}')`,
      TODOS.private,
    ],
    [
      'an invitation',
      (id) => `insert into list_joins (invitation_id) values ('${id}')`,
      INVITATION,
    ],
    [
      'a todo, for a change',
      (id) => `update todos set task = 'x' where id = '${id}'`,
      TODOS.alices,
    ],
    ['a list, for a new name', (id) => `update lists set name = 'x' where id = '${id}'`, LIST],
  ]
  for (const [what, statement, existing] of PAIRS) {
    test(what, async () => {
      const unknown = '00000000-0000-4000-8000-00000000dead'
      const found = await refusal('stranger', statement(existing))
      assert.equal(found, await refusal('stranger', statement(unknown)))
      assert.match(found, /^(42501|RL002) |^0 rows/)
    })
  }

  test('but an INSERT of a known id tells that it is taken, which SECURITY.md says', async () => {
    const insert = `insert into todos (id, task) values ('${TODOS.alices}', 'x')`
    assert.match(await refusal('stranger', insert), /^23505 /)
    assert.equal(await refusal('stranger', `${insert} on conflict do nothing`), '0 rows')
    assert.match(
      await refusal('stranger', `${insert} on conflict (id) do update set task = 'x'`),
      /^42501 /,
    )
  })
})

describe('what the policies ask', () => {
  const FUNCTIONS = [
    'access.lists_i_see()',
    'access.lists_i_edit()',
    'access.lists_i_own()',
    'access.my_email()',
    'access.my_name()',
    'access.make_owner()',
    'access.keep_an_owner()',
    'access.join_list()',
    'access.preview_list()',
  ]

  test('cannot be called by users, who cannot name it', async () => {
    for (const call of FUNCTIONS) {
      for (const who of ['owner', 'stranger', 'moderator', 'nobody'] as const) {
        assert.match(
          await refusal(who, `select ${call}`),
          /^42501 permission denied for schema access/,
        )
      }
    }
  })

  test('tells nobody about others, even if it could be called', async () => {
    const roles = 'authenticated, anonymous, moderator'
    await owner.query(`grant usage on schema access to ${roles};
      grant execute on all functions in schema access to ${roles}`)
    try {
      const told = async (who: Who) => {
        const { rows } = await as(
          who,
          `select access.lists_i_see() as see, access.lists_i_edit() as edit, access.lists_i_own() as own,
             access.my_email() as email`,
        )
        return rows[0]
      }
      const none = { see: [], edit: [], own: [], email: null }
      const erin = { see: [OTHER_LIST], edit: [OTHER_LIST], own: [OTHER_LIST] }
      assert.deepEqual(await told('stranger'), { ...erin, email: 'erin@example.com' })
      assert.deepEqual(await told('viewer'), { ...none, see: [LIST], email: 'carol@example.com' })
      assert.deepEqual(await told('former member'), { ...none, email: 'dave@example.com' })
      assert.deepEqual(await told('user without an id'), none)
      assert.deepEqual(await told('nobody'), none)
      // Triggers run only where they belong.
      for (const call of FUNCTIONS.slice(5)) {
        assert.match(
          await refusal('stranger', `select ${call}`),
          /^0A000 trigger functions can only/,
        )
      }
    } finally {
      await owner.query(`revoke usage on schema access from ${roles};
        revoke execute on all functions in schema access from ${roles};
        grant execute on function access.lists_i_see(), access.lists_i_edit(), access.lists_i_own(),
          access.my_email() to authenticated`)
    }
  })

  test('is not taken in by a setting, or by a table of the same name', async () => {
    for (const prelude of [
      `set local search_path = pg_temp, public`,
      `set local request.jwt.claims = '{"sub": "alice"}'`,
      `set local role none`,
    ]) {
      const results = await runAllAs(authenticator, actor('stranger'), [
        prelude,
        'set local role authenticated',
        `select from todos where list_id = '${LIST}'`,
      ])
      assert.equal(results.at(-1)?.rowCount, 0, prelude)
    }
  })
})

describe('a link', () => {
  test('can be read by owners alone, and holds no secret', async () => {
    const { rows } = await as('owner', 'select * from list_links')
    assert.equal(JSON.stringify(rows).includes(SECRET), false)
    for (const who of ['editor', 'viewer', 'stranger'] as const) {
      const guess = `select from list_links where secret_hash = ${SECRET_HASH}`
      assert.equal((await as(who, guess)).rowCount, 0)
    }
  })
})

/** Until another session waits for a lock that this one holds. */
async function untilSomeoneWaits(client: Client): Promise<void> {
  for (;;) {
    const { rowCount } = await client.query(
      `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
    )
    if (rowCount !== 0) return
  }
}
