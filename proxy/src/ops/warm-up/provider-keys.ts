/** Every provider's keys are fetched, imported and used, on tokens of which only the signature is wrong. */
import type { JWK } from 'jose'
import { fits } from '../../auth/tokens/algorithms'
import type { Provider } from '../../auth/tokens/providers'
import type { VerifyToken } from '../../auth/tokens/verify'

/** An issuer that publishes more will not need them all next. */
const MOST_KEYS = 4

/** Never throws: a provider that is out of reach is asked again when a token comes. */
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

/** As long as a signature by this key, and no number that is refused without arithmetic. */
function garbageOf({ n, x = '' }: JWK): string {
  const length =
    n === undefined ? 2 * Buffer.from(x, 'base64url').length : Buffer.from(n, 'base64url').length
  return Buffer.alloc(length, 1).toString('base64url')
}
