/** The stage for attacks: Bob, who sends any SQL, and Alice, who owns a canary, with and without the gate. */
import assert from 'node:assert/strict'
import { CANARY } from '../../attacks/attack'
import { openGate } from '../../src/gate/gate'
import { sealClaims } from '../../src/auth/seal'
import { parseSessionKey } from '../../src/auth/session-key'
import { nowSeconds } from './issuer'
import { startTestProxy, type OneProxy, type Posted, type TestProxy } from './proxy'

/** One of the proxies in front of the same database. */
export type Door = Pick<OneProxy, 'sqlUrl'>

export type Arena = {
  readonly proxy: TestProxy
  readonly gated: OneProxy | TestProxy
  /** Without a gate and with one session, so that Alice gets whatever Bob leaves. */
  readonly open: OneProxy
  /** Sends one statement, or several as a batch. */
  readonly bob: (where: Door, sql: string | readonly string[]) => Promise<Posted>
  readonly alice: (where: Door, sql: string) => Promise<Posted>
  /** Checks that Alice's rows are unchanged, that no other user owns any, and that no answer reveals them. */
  readonly assertUnharmed: (...told: readonly Pick<Posted, 'text'>[]) => Promise<void>
}

export async function startArena(env: Record<string, string> = {}): Promise<Arena> {
  const proxy = await startTestProxy({ env: { PROXY_POOL_SIZE: '1', ...env } })
  try {
    return await setUp(proxy, env)
  } catch (error) {
    await proxy.stop()
    throw error
  }
}

async function setUp(proxy: TestProxy, env: Record<string, string>): Promise<Arena> {
  const open = await proxy.another({
    env: { PROXY_POOL_SIZE: '1', ...env },
    overrides: { gate: openGate },
  })
  await proxy.asOwner(`insert into memos (user_id, body) values ('alice', $1)`, [CANARY])
  const as = (user: string) => async (where: Door, sql: string | readonly string[]) =>
    proxy.post(
      typeof sql === 'string' ? { query: sql } : { queries: sql.map((query) => ({ query })) },
      { sqlUrl: where.sqlUrl, token: await proxy.issuer.token(user), mayBeCut: true },
    )
  return {
    proxy,
    gated: proxy,
    open,
    bob: as('bob'),
    alice: as('alice'),
    assertUnharmed: async (...told) => {
      for (const { text } of told) assert.ok(!text.includes('canary'), text)
      const rows = await proxy.asOwner(
        `select user_id, body, is_archived from memos where user_id <> 'bob'`,
      )
      assert.deepEqual(rows, [{ user_id: 'alice', body: CANARY, is_archived: false }])
    },
  }
}

/** Alice's claims, sealed with a key that is not the proxy's. */
export function forgedSession(): string {
  return sealClaims(
    parseSessionKey(Buffer.alloc(32, 9).toString('base64')),
    JSON.stringify({ sub: 'alice', exp: nowSeconds() + 60 }),
  )
}
