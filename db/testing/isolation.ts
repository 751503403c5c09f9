/**
 * The proof that users see and change rows of their own alone: one call for each table, in
 * `db/isolation.test.ts`.
 *
 *   proveIsolation({ table: notes, owner: notes.userId })
 *
 * It tries every command as another user and as nobody, first with the rights that are granted, then
 * with all rights, so that the policies have to hold alone. Then it breaks the policies one by one, and
 * fails unless that shows.
 */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { startTestDatabase } from '../../dev/postgres/testing/test-database'
import { connect } from '../../proxy/test/testing/as-user'
import { attacksOn } from './attacks'
import { OTHERS } from './people'
import { isNoticed, policyChanges } from './policy-changes'
import { findUnproven } from './reach'
import { subjectOf, type Isolated } from './subject'
import {
  findHarmlessAttacks,
  findLeak,
  findRefusals,
  inTrial,
  type Place,
  type Trial,
} from './trial'

const proven = new Set<string>()

export function proveIsolation<Values extends Readonly<Record<string, unknown>>>(
  isolated: Isolated<Values>,
): void {
  const place = sharedDatabase()
  const subject = subjectOf(isolated)
  proven.add(subject.name)

  describe(`rows of ${subject.name}`, () => {
    test('are their owners’ to use, as far as is granted', () =>
      inTrial(place(), subject, {}, async (trial) => {
        assert.deepEqual(await findRefusals(trial), [])
      }))

    // Only the names: what the statements hold depends on rows that are not there yet.
    const attacks = attacksOn(subject, { alices: new Map(), bobs: new Map() })
    for (const person of OTHERS) {
      describe(person, () => {
        for (const { name, since } of attacks) {
          const title = `cannot ${name}`
          test(title, async (t) => {
            for (const allGranted of [false, true]) {
              await inTrial(place(), subject, { allGranted }, async (trial) => {
                const leak = await tryOne(trial, person, name)
                if (leak === undefined) t.skip(`needs PostgreSQL ${since}`)
                else assert.equal(leak, null)
              })
            }
          })
        }
      })
    }

    describe('this proof', () => {
      test('is made of attacks that get through without row-level security', async () => {
        const harmless = await findHarmlessAttacks(place(), subject)
        assert.deepEqual(
          harmless,
          [],
          'Does row() return rows that the table takes, and that differ?',
        )
      })

      test('notices a policy that is dropped or loosened', async (t) => {
        const changes = await policyChanges(place(), subject)
        assert.notEqual(changes.length, 0, `${subject.name} has no policy`)
        for (const change of changes) {
          await t.test(change.name, async () => {
            assert.ok(await isNoticed(place(), subject, change))
          })
        }
      })
    })
  })
}

/**
 * Fails for every table that requests can reach and that was given to no `proveIsolation`.
 * @param shared tables that all users read the same rows of and none writes to, each with the reason
 */
export function proveNothingIsLeftOut(shared: Readonly<Record<string, string>> = {}): void {
  const place = sharedDatabase()
  test('every table that users can reach has such a proof', async () => {
    assert.deepEqual(await findUnproven(place().superuser, proven, shared), [])
  })
}

/** For proofs of another form, such as proveSharing. */
export function countAsProven(tables: readonly string[]): void {
  for (const table of tables) proven.add(table)
}

/** @returns what leaked, null for nothing, undefined when Postgres does not know the statement */
async function tryOne(trial: Trial, person: string, name: string) {
  const actor = trial.others.find((other) => other.name === person)
  const attack = trial.attacks.find((other) => other.name === name)
  return actor && attack ? findLeak(trial, actor, attack) : undefined
}

let open: Place | undefined
let isPlanned = false

/** One migrated database for all proofs of a test file. */
export function sharedDatabase(): () => Place {
  if (!isPlanned) {
    isPlanned = true
    let close: () => Promise<void> = () => Promise.resolve()
    before(async () => {
      const { ownerUrl, sessionKey, stop } = await startTestDatabase()
      const superuser = await connect(ownerUrl)
      open = { superuser, sessionKey }
      close = async () => {
        await superuser.end()
        await stop()
      }
    })
    after(() => close())
  }
  return () => {
    assert.ok(open, 'the database is there once tests run')
    return open
  }
}
