/** The matrix of sharing once more, with real tokens and over HTTP. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { Client } from 'pg'
import { z } from 'zod'
import { startTestDatabase } from '../dev/postgres/testing/test-database'
import { startTestProxy, type OneProxy, type TestProxy } from '../proxy/test/testing/proxy'
import { MATRIX } from './testing/sharing/matrix'
import { layOutScene, PEOPLE, type Person, type Who } from './testing/sharing/scene'

let proxy: TestProxy
let permitting: OneProxy
let owner: Client
before(async () => {
  proxy = await startTestProxy({}, startTestDatabase)
  owner = new Client({ connectionString: proxy.ownerUrl })
  await owner.connect()
  await owner.query('grant moderator to authenticator')
  const { url: issuer, jwksUrl } = proxy.issuer
  const roles = { moderator: { claim: 'metadata.role', equals: 'moderator' } }
  permitting = await proxy.another({
    env: {
      PROXY_JWT_PROVIDERS: JSON.stringify([{ issuer, jwksUrl, roles }]),
      PROXY_ANONYMOUS: 'on',
    },
  })
})
after(async () => {
  await owner.query('revoke moderator from authenticator')
  await owner.end()
  await proxy.stop()
})

const answer = z.object({ rowCount: z.number() })

/** None for a request that is refused, by the proxy or by Postgres. */
async function rowsOf({ role, claims }: Person, query: string): Promise<number> {
  const { sub, ...more } = claims ?? {}
  const { json, headers } = await proxy.post(
    { query },
    {
      sqlUrl: permitting.sqlUrl,
      token:
        claims === null ? null : await proxy.issuer.token(typeof sub === 'string' ? sub : '', more),
      headers: {
        'neon-connection-string': proxy.connectionString.replace('authenticated@', `${role}@`),
      },
    },
  )
  // A statement that the gate does not let through would prove nothing about policies.
  assert.notEqual(headers.get('proxy-error-code'), 'statement_refused', query)
  const { data } = answer.safeParse(json)
  return data?.rowCount ?? 0
}

for (const [who, person] of Object.entries(PEOPLE) as [Who, Person][]) {
  test(`${who}: what is allowed and no more`, async () => {
    const differences: string[] = []
    let isTouched = true
    for (const { name, sql, rows } of MATRIX) {
      if (isTouched) await layOutScene(owner)
      const [found, wanted] = [await rowsOf(person, sql), rows[who] ?? 0]
      isTouched = found > 0 && !sql.startsWith('select')
      if (found !== wanted) differences.push(`${name}: ${found} rows instead of ${wanted}`)
    }
    assert.deepEqual(differences, [])
  })
}

test('a moderator who does not ask for the role is a user like others', async () => {
  await layOutScene(owner)
  const { claims } = PEOPLE.moderator
  assert.equal(await rowsOf({ role: 'moderator', claims }, 'select from todos'), 2)
  assert.equal(await rowsOf({ role: 'authenticated', claims }, 'select from todos'), 0)
})
