/** What a changed provider file means, also when it is broken: a removal counts whatever else it says. */
import { parseProviders } from './parse-providers'
import type { ProviderConfig } from './provider-config'

export type NextProviders = {
  readonly providers: readonly ProviderConfig[]
  /** For the log. */
  readonly sentence: string
}

/**
 * A file with a mistake adds and changes nothing, so that a typo locks nobody out. But a provider
 * that it no longer mentions at all stops: somebody took it out, and must not have to find the typo
 * first.
 */
export function nextProviders(current: readonly ProviderConfig[], text: string): NextProviders {
  try {
    const providers = parseProviders(text)
    return { providers, sentence: `PROXY_JWT_PROVIDERS was read again: ${names(providers)}.` }
  } catch (error) {
    const why = error instanceof Error ? error.message : 'it cannot be read'
    // Nothing at all is a file that is being written.
    const isMentioned = ({ writtenAs }: ProviderConfig) =>
      text.trim() === '' || text.includes(JSON.stringify(writtenAs))
    const providers = current.filter(isMentioned)
    const stopped = current.filter((provider) => !isMentioned(provider))
    return {
      providers,
      sentence: `PROXY_JWT_PROVIDERS is wrong: ${why}. Still as before: ${names(providers)}.${
        stopped.length === 0 ? '' : ` No longer mentioned, so stopped: ${names(stopped)}.`
      }`,
    }
  }
}

function names(providers: readonly ProviderConfig[]): string {
  return providers.map(({ name }) => name).join(', ') || 'none'
}
