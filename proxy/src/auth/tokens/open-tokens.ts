/** Sets up token verification, and reloads it when its files change. */
import { readFileSync } from 'node:fs'
import { watchFile, type SeenFile } from '../../ops/watch-file'
import type { FetchKeys } from './fetch-keys'
import { nextProviders } from './next-providers'
import type { ProviderConfig } from './provider-config'
import { Providers } from './providers'
import { nextRevocations, type Revocations } from './revocations'
import { createVerifier, type VerifyToken } from './verify'

export type TokenConfig = {
  readonly providers: readonly ProviderConfig[]
  /** The file of providers, as it was before it was read; null when the variable holds the list itself. */
  readonly providersFile: SeenFile | null
  readonly revoked: Revocations
  readonly revokedFile: SeenFile | null
}

export type Tokens = {
  readonly verifyToken: VerifyToken
  readonly providers: Providers
  /** Reads both files again, even if unchanged. */
  readonly reload: () => void
  /** Called after providers or revocations have changed. */
  onChange: () => void
  readonly close: () => void
}

export type TokenOverrides = {
  readonly fetchKeys?: FetchKeys
  /** Milliseconds since 1970. */
  readonly now?: () => number
  /** Called with what a changed file changed, or why it changed nothing. */
  readonly say?: (sentence: string) => void
}

export function openTokens(config: TokenConfig, overrides: TokenOverrides = {}): Tokens {
  const say = overrides.say ?? toStderr
  const providers = new Providers(config.providers, overrides.fetchKeys)
  let revoked = config.revoked

  const reloadProviders = (text: string) => {
    const next = nextProviders(providers.all, text)
    providers.replace(next.providers)
    say(next.sentence)
  }
  const reloadRevoked = (text: string) => {
    const next = nextRevocations(revoked, text)
    revoked = next.entries
    say(next.sentence)
  }
  const files = [
    { name: 'PROXY_JWT_PROVIDERS', file: config.providersFile, apply: reloadProviders },
    { name: 'PROXY_REVOKED', file: config.revokedFile, apply: reloadRevoked },
  ].flatMap(({ name, file, apply }) => {
    if (file === null) return []
    const reload = () => {
      const text = read(file.path)
      if (text === undefined) say(`${name} cannot be read; what it held before still counts.`)
      else {
        apply(text)
        tokens.onChange()
      }
    }
    return [{ reload, unwatch: watchFile(file, reload) }]
  })

  const tokens: Tokens = {
    verifyToken: createVerifier(providers, { revoked: () => revoked, now: overrides.now }),
    providers,
    reload: () => {
      for (const { reload } of files) reload()
    },
    onChange: () => undefined,
    close: () => {
      for (const { unwatch } of files) unwatch()
    },
  }
  return tokens
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}

/** To stderr: stdout is the access log, one JSON object per line. */
function toStderr(sentence: string): void {
  process.stderr.write(`${sentence}\n`)
}
