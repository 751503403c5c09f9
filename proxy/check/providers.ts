/** Each provider's keys are readable and usable, and its tokens are bound to this application. */
import type { JWK } from 'jose'
import { fits } from '../src/auth/tokens/algorithms'
import { keyProblem } from '../src/auth/tokens/sound-key'
import { fetchKeys, type FetchKeys } from '../src/auth/tokens/fetch-keys'
import type { ProviderConfig } from '../src/auth/tokens/provider-config'
import { Providers } from '../src/auth/tokens/providers'
import { enumerate, unsafe, weak, type Finding, type Outcome } from './check'

const GROUP = 'Token providers'

/** @returns one outcome per provider; messages contain addresses but never keys */
export function checkProviders(
  configs: readonly ProviderConfig[],
  fetch: FetchKeys = fetchKeys,
): Promise<Outcome[]> {
  return Promise.all(configs.map((config) => checkProvider(config, fetch)))
}

async function checkProvider(config: ProviderConfig, fetch: FetchKeys): Promise<Outcome> {
  const { name, issuer, keySource } = config
  const keys: JWK[] = keySource.kind === 'inline' ? [...keySource.keys] : []
  const [provider] = new Providers([config], async (url, options) => {
    keys.push(...(await fetch(url, options)))
    return keys
  }).all
  const findings: Finding[] = []
  try {
    await provider?.keys.ready()
    findings.push(...usable(config, keys), ...sound(config, keys), ...audience(config))
  } catch (error) {
    const why = error instanceof Error ? error.message : 'no answer'
    findings.push(
      unsafe(
        `the keys of ${name} cannot be read (${why}), so its tokens are refused`,
        `Check "issuer" (${issuer}) and "jwksUrl" in PROXY_JWT_PROVIDERS, and that the proxy's machine reaches that address.`,
      ),
    )
  }
  const count = keys.length === 1 ? '1 key' : `${keys.length} keys`
  const from = provider?.keys.url ?? issuer
  return { name: 'providers', group: GROUP, good: `${name}: ${count} at ${from}`, findings }
}

function usable({ name, algorithms }: ProviderConfig, keys: readonly JWK[]): Finding[] {
  const isUsable = (key: JWK) =>
    algorithms.some((algorithm) => fits(key, algorithm)) && keyProblem(key) === undefined
  const fit = keys.filter(isUsable)
  if (fit.some((key) => key.kid !== undefined)) return []
  if (fit.length > 0) {
    return [
      weak(
        `the keys of ${name} have no id (kid), so of its tokens only those that name none are believed`,
        'Nothing to do where its tokens name no key. Otherwise let the provider publish "kid" with each key.',
      ),
    ]
  }
  return [
    unsafe(
      `no key of ${name} fits ${enumerate(algorithms)}, so its tokens are refused`,
      'Let the provider sign with one of these algorithms, or list its own in "algorithms".',
    ),
  ]
}

/** Ignores keys for other purposes. */
function sound({ name, algorithms }: ProviderConfig, keys: readonly JWK[]): Finding[] {
  return keys
    .filter((key) => algorithms.some((algorithm) => fits(key, algorithm)))
    .flatMap((key) => keyProblem(key) ?? [])
    .map((problem) =>
      weak(
        `${name} publishes a key that is not safe: ${problem}. Tokens that name it are refused`,
        'Tell the provider: with such a key anyone may be able to sign tokens.',
      ),
    )
}

function audience({ name, audience, authorizedParties }: ProviderConfig): Finding[] {
  if (audience.length > 0 || authorizedParties.length > 0) return []
  return [
    weak(
      `tokens of ${name} count whatever application they were made for`,
      'Say in PROXY_JWT_PROVIDERS who yours are for: "audience", or "authorizedParties" for Clerk.',
    ),
  ]
}
