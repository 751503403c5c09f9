/** The current providers. A removed provider is no longer trusted for anything. */
import type { JWK } from 'jose'
import {
  discoverJwksUrl,
  discoveryUrl,
  fetchKeys as fetchFromUrl,
  type FetchKeys,
} from './fetch-keys'
import { KeySet } from './key-set'
import type { ProviderConfig } from './provider-config'

export type Provider = ProviderConfig & { readonly keys: KeySet }

export class Providers {
  readonly #fetchKeys: FetchKeys
  #all: readonly Provider[] = []
  #byIssuer: ReadonlyMap<string, Provider> = new Map()

  constructor(configs: readonly ProviderConfig[], fetchKeys: FetchKeys = fetchFromUrl) {
    this.#fetchKeys = fetchKeys
    this.replace(configs)
  }

  get all(): readonly Provider[] {
    return this.#all
  }

  find(issuer: string): Provider | undefined {
    return this.#byIssuer.get(issuer)
  }

  /** Replaces the providers immediately. Cached keys are kept if their source is the same. */
  replace(configs: readonly ProviderConfig[]): void {
    this.#all = configs.map((config) => {
      const same = this.#all.find((old) => sourceOf(old) === sourceOf(config))
      if (same !== undefined && rulesOf(same) === rulesOf(config)) return same
      return { ...config, keys: same?.keys ?? keySetOf(config, this.#fetchKeys) }
    })
    this.#byIssuer = new Map(
      this.#all.flatMap((provider) =>
        [provider.issuer, ...provider.alsoIssuedAs].map((issuer) => [issuer, provider]),
      ),
    )
  }
}

function sourceOf({ issuer, keySource, privateNetwork }: ProviderConfig): string {
  return JSON.stringify([issuer, keySource, privateNetwork])
}

function rulesOf(config: ProviderConfig): string {
  return JSON.stringify({ ...config, keys: null, roles: [...config.roles] })
}

function keySetOf(config: ProviderConfig, fetchKeys: FetchKeys): KeySet {
  const { issuer, keySource, name, privateNetwork } = config
  const options = { privateNetwork }
  switch (keySource.kind) {
    case 'url':
      return new KeySet(keySource.url, (url) => fetchKeys(url, options))
    case 'discovery':
      return new KeySet(discoveryUrl(issuer), async (): Promise<JWK[]> => {
        return fetchKeys(await discoverJwksUrl(issuer, options), options)
      })
    case 'inline':
      return new KeySet(`"jwks" of ${name} in PROXY_JWT_PROVIDERS`, () =>
        Promise.resolve([...keySource.keys]),
      )
  }
}
