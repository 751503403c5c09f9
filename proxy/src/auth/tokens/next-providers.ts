/** Applies a changed provider file. A removal takes effect even if the file is otherwise broken. */
import { parseProviders } from './parse-providers'
import type { ProviderConfig } from './provider-config'

export type NextProviders = {
  readonly providers: readonly ProviderConfig[]
  /** For stderr. */
  readonly sentence: string
}

/**
 * A file with a mistake adds and changes nothing, so that a typo does not lock users out. A provider
 * that it no longer mentions still stops: whoever removed it must not have to find the typo first.
 */
export function nextProviders(current: readonly ProviderConfig[], text: string): NextProviders {
  try {
    const providers = parseProviders(text)
    return { providers, sentence: `PROXY_JWT_PROVIDERS was read again: ${names(providers)}.` }
  } catch (error) {
    const why = error instanceof Error ? error.message : 'it cannot be read'
    // An empty file is one that is still being written.
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
