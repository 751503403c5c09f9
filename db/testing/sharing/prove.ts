/**
 * The proof that policies decide who does what with a shared list: every line of the matrix as every person,
 * first with the rights that are granted, then with all rights on the tables, so that the policies have to
 * hold alone. Then it drops and loosens the policies one by one, and fails unless that shows.
 */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { escapeLiteral } from 'pg'
import { seal } from '../../../proxy/test/testing/as-user'
import { countAsProven, sharedDatabase } from '../isolation'
import { allPolicyChanges } from '../policy-changes'
import { attempt, type Place } from '../trial'
import { GROUP_TABLES, MATRIX, type Action } from './matrix'
import { layOutScene, PEOPLE, type Person, type Who } from './scene'

const EVERYONE = Object.keys(PEOPLE) as Who[]

export function proveSharing(): void {
  const place = sharedDatabase()
  countAsProven([...GROUP_TABLES, 'list_joins', 'list_previews'].map((name) => `public.${name}`))

  describe('with a shared list', () => {
    for (const who of EVERYONE) {
      for (const allGranted of [false, true]) {
        test(`${who}: what is allowed and no more${allGranted ? ', with all rights granted' : ''}`, () =>
          inScene(place(), { allGranted }, async () => {
            assert.deepEqual(await differences(place(), allGranted, [who]), [])
          }))
      }
    }
  })

  describe('that proof notices', () => {
    test('each policy that is dropped or loosened', async (t) => {
      for (const table of GROUP_TABLES) {
        const changes = await allPolicyChanges(place(), table)
        assert.notEqual(changes.length, 0, `${table} has no policy`)
        for (const { name, change } of changes) {
          await t.test(`${name} on ${table}`, async () => {
            assert.ok(await isNoticed(place(), change))
          })
        }
      }
    })

    for (const [name, change] of FLAWS) {
      test(name, async () => {
        assert.ok(await isNoticed(place(), change))
      })
    }
  })
}

/** What the policies rely on, and how it can go wrong. */
const FLAWS: readonly (readonly [name: string, change: string])[] = [
  ['viewers who count as editors', flawed('access.lists_i_edit()', 'and m.may_edit', '')],
  ['editors who count as owners', flawed('access.lists_i_own()', 'm.may_own', 'm.may_edit')],
  ['lists of others among one’s own', flawed('access.lists_i_see()', 'm.user_id = me', 'true')],
  [
    'an address that nobody has verified',
    flawed('access.my_email()', `claims -> 'email_verified' = 'true'::jsonb`, 'true'),
  ],
  [
    'an address that is compared with its case',
    flawed('access.my_email()', `lower((claims ->> 'email') collate "C")`, `claims ->> 'email'`),
  ],
  [
    'a secret that is not looked at',
    flawed(
      'access.join_list()',
      `encode(sha256(convert_to(new.secret, 'UTF8')), 'hex')`,
      'l.secret_hash',
    ),
  ],
  [
    'a secret that is not looked at before joining',
    flawed(
      'access.preview_list()',
      `encode(sha256(convert_to(new.secret, 'UTF8')), 'hex')`,
      'k.secret_hash',
    ),
  ],
  [
    'an invitation of another person',
    flawed('access.join_list()', 'i.email = access.my_email()', 'true'),
  ],
  [
    'a list that is left without an owner',
    `drop trigger keep_an_owner_update on list_members;
     drop trigger keep_an_owner_delete on list_members`,
  ],
]

/** Replaces a part of a function's source; fails if it has no such part. */
function flawed(name: string, part: string, by: string): string {
  return `do $flaw$
    declare
      source constant text := pg_get_functiondef(${escapeLiteral(name)}::regprocedure);
      changed constant text := replace(source, ${escapeLiteral(part)}, ${escapeLiteral(by)});
    begin
      if changed = source then raise exception 'no such part'; end if;
      execute changed;
    end $flaw$`
}

type Setup = { readonly allGranted?: boolean; readonly change?: string }

async function inScene<T>(
  { superuser }: Place,
  { allGranted = false, change = '' }: Setup,
  work: () => Promise<T>,
): Promise<T> {
  await superuser.query('begin')
  try {
    await superuser.query('grant moderator to authenticator')
    await layOutScene(superuser)
    if (allGranted) {
      await superuser.query(
        `grant select, insert, update, delete on ${GROUP_TABLES.join(', ')} to authenticated, anonymous, moderator;
         grant usage on schema public to anonymous`,
      )
    }
    await superuser.query(change)
    return await work()
  } finally {
    await superuser.query('rollback')
  }
}

/** How many rows the action reaches; none if it is refused. */
async function rowsOf({ superuser, sessionKey }: Place, who: Who, { sql }: Action) {
  const { role, claims }: Person = PEOPLE[who]
  const token = claims === null ? '' : seal(sessionKey, claims)
  return attempt(superuser, { name: who, role, token }, [sql], (answer) =>
    Promise.resolve(answer.isRefused ? 0 : answer.count),
  )
}

/** @returns a sentence for each line of the matrix that does not hold; only the first when that is enough */
async function differences(
  place: Place,
  allGranted: boolean,
  people: readonly Who[],
  { first = false } = {},
): Promise<string[]> {
  const found: string[] = []
  for (const action of MATRIX.filter((one) => !allGranted || !one.byGrant)) {
    for (const who of people) {
      const [rows, wanted] = [await rowsOf(place, who, action), action.rows[who] ?? 0]
      if (rows !== wanted) found.push(`${who}, ${action.name}: ${rows} rows instead of ${wanted}`)
      if (first && found.length > 0) return found
    }
  }
  return found
}

async function isNoticed(place: Place, change: string): Promise<boolean> {
  for (const allGranted of [false, true]) {
    const found = await inScene(place, { allGranted, change }, () =>
      differences(place, allGranted, EVERYONE, { first: true }),
    )
    if (found.length > 0) return true
  }
  return false
}
