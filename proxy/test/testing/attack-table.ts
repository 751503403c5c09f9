/** Runs a table of attacks with and without the gate, by requests and in sessions, and checks what stops each. */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { FORGED, mapStatements, type Attack, type Outcome } from '../../attacks/attack'
import { forgedSession, startArena, type Arena } from './arena'
import { assertRefused, attackInSession } from './session-attack'

export function describeAttacks(title: string, attacks: readonly Attack[]): void {
  void describe(title, () => {
    let arena: Arena
    before(async () => {
      arena = await startArena({ PROXY_WEBSOCKET: 'on' })
    })
    after(async () => {
      // The settings of a role outlast the database.
      await arena.proxy.asOwner('alter role authenticated password null')
      await arena.proxy.asOwner('alter role authenticated reset all')
      await arena.proxy.stop()
    })

    for (const [attack, outcome] of attacks) {
      const sql = mapStatements(attack, (one) => one.replaceAll(FORGED, forgedSession()))
      const shown = [attack].flat().join('; ').replace(/\s+/g, ' ').slice(0, 110)
      void test(`${shown} → ${outcome}`, async () => {
        const { bob, gated, open, alice, assertUnharmed } = arena
        const refused = await bob(gated, sql)
        const code = refused.headers.get('proxy-error-code') ?? ''
        assert.match(code, /^statement_(refused|syntax)$/, refused.text)
        const told = await bob(open, sql)
        assert.equal(outcomeOf(told, outcome), outcome, told.text)
        const statements = [sql].flat()
        const inSession = await attackInSession(arena.proxy, gated.url, statements)
        assertRefused(inSession)
        const inOpenSession = await attackInSession(arena.proxy, open.url, statements)
        await assertUnharmed(refused, told, ...inSession, ...inOpenSession)
        // And it left nothing behind that hinders Alice.
        const own = await alice(open, `select auth.user_id() as id, body from memos`)
        assert.deepEqual(own.json.rows, [{ id: 'alice', body: 'alice keeps a canary' }])
      })
    }
  })
}

function outcomeOf(
  { status, json, headers }: { status: number; json: Record<string, unknown>; headers: Headers },
  expected: Outcome,
): Outcome {
  if (status === 200) return expected === 'harmless' ? 'harmless' : 'happens'
  return (typeof json.code === 'string' && json.code) || (headers.get('proxy-error-code') ?? '')
}
