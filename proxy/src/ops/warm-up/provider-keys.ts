/** Fetches, imports and uses every provider's keys, with tokens whose signature is wrong. */
import type { JWK } from 'jose'
import { fits } from '../../auth/tokens/algorithms'
import type { Provider } from '../../auth/tokens/providers'
import type { VerifyToken } from '../../auth/tokens/verify'

/** An issuer with more keys than this will not use all of them soon. */
const MOST_KEYS = 4

/** Never throws: an unreachable provider is tried again when a token arrives. */
export async function rehearseKeys(
  providers: readonly Provider[],
  verifyToken: VerifyToken,
): Promise<void> {
  const rehearseProvider = async ({ keys, algorithms, issuer }: Provider) => {
    await keys.ready()
    for (const key of keys.all.slice(0, MOST_KEYS)) {
      const alg = algorithms.find((algorithm) => fits(key, algorithm))
      if (alg === undefined) continue
      const parts = [{ alg, kid: key.kid }, { iss: issuer }].map(encode)
      await verifyToken([...parts, garbageOf(key)].join('.')).catch(() => undefined)
    }
  }
  await Promise.allSettled(providers.map(rehearseProvider))
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}

/** As long as a real signature, and with a value that is not refused before the arithmetic. */
function garbageOf({ n, x = '' }: JWK): string {
  const length =
    n === undefined ? 2 * Buffer.from(x, 'base64url').length : Buffer.from(n, 'base64url').length
  return Buffer.alloc(length, 1).toString('base64url')
}
