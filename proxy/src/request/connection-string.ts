/** Parses the header Neon-Connection-String by Neon's rules, in Neon's order, with Neon's messages. */
import { ProxyError } from '../errors'
import { LruMap } from '../lru-map'
import { percentDecode } from './percent'
import { readSettings, type Setting } from './startup-options'

export type Target = {
  readonly user: string
  readonly database: string
  /** Percent-decoded, not necessarily UTF-8. Undefined when there is none. */
  readonly password: Buffer | undefined
  /** False for `[v6]` and for a missing host: neither has a label that could name an endpoint. */
  readonly hasHostname: boolean
  /** Settings from `options` and similar parameters. */
  readonly settings: readonly Setting[]
}

/**
 * In characters. Two names of 63 bytes (Postgres' limit) and a long password fit, all percent-encoded.
 * A longer string would only cost time to decode.
 */
export const MAX_CONNECTION_STRING_LENGTH = 2048

const strictUtf8 = new TextDecoder('utf-8', { fatal: true })

/** Cached, because an application sends the same string with every request. */
const remembered = new LruMap<Target>(100, 100_000)

/**
 * Checks everything but the host, which `requireHostname` checks after the credentials.
 * @throws ProxyError with the code connection_string_invalid or connection_option_refused
 */
export function parseConnectionString(header: string | undefined): Target {
  if (header !== undefined && header.length > MAX_CONNECTION_STRING_LENGTH) {
    throw invalid(
      `invalid connection string: longer than ${MAX_CONNECTION_STRING_LENGTH} characters`,
    )
  }
  const known = header === undefined ? undefined : remembered.get(header)
  if (known !== undefined) return known
  const target = parse(header)
  // A string with a password is not cached: it stays in memory no longer than its request.
  if (header !== undefined && target.password === undefined) {
    remembered.set(header, target, header.length)
  }
  return target
}

function parse(header: string | undefined): Target {
  if (header === undefined || !/^[\t\x20-\x7e]*$/.test(header)) {
    throw invalid('invalid header: neon-connection-string')
  }
  const url = parseUrl(header)
  if (url.protocol !== 'postgres:' && url.protocol !== 'postgresql:') {
    throw invalid('incorrect scheme')
  }
  if (!url.pathname.startsWith('/')) throw invalid('missing database name')
  const [, segment = ''] = url.pathname.split('/')
  const database = decode(segment, 'invalid database name')
  const user = decode(url.username, 'invalid username')
  if (user === '') throw invalid('missing username')
  return {
    user,
    // Without a database name, Postgres uses the user's name.
    database: database === '' ? user : database,
    password: url.password === '' ? undefined : percentDecode(url.password),
    hasHostname: url.hostname !== '' && !url.hostname.startsWith('['),
    settings: readSettings(url.searchParams),
  }
}

/** Any host name is accepted: there is only one endpoint. */
export function requireHostname(target: Target): void {
  if (!target.hasHostname) throw invalid('missing hostname')
}

function parseUrl(text: string): URL {
  try {
    return new URL(text)
  } catch {
    throw invalid(`invalid connection string: ${urlError(text)}`)
  }
}

/** Messages of Rust's url crate (`ParseError`), which Neon's proxy passes on. */
function urlError(text: string): string {
  const [, authority] = /^[a-z][a-z0-9+.-]*:(?:\/\/([^/?#]*))?/i.exec(text) ?? []
  if (authority === undefined) return 'relative URL without a base'
  const host = authority.slice(authority.lastIndexOf('@') + 1)
  if (host.startsWith('[') && !/\](:|$)/.test(host)) return 'invalid IPv6 address'
  const [, name = '', port = ''] = /^(\[.*\]|[^:]*)(?::(.*))?$/.exec(host) ?? []
  if (name === '') return 'empty host'
  if (!/^\d*$/.test(port) || Number(port) > 65_535) return 'invalid port number'
  return name.startsWith('[') ? 'invalid IPv6 address' : 'invalid domain character'
}

function decode(text: string, problem: string): string {
  try {
    return strictUtf8.decode(percentDecode(text))
  } catch {
    throw invalid(`${problem}: invalid utf-8 sequence`)
  }
}

function invalid(message: string): ProxyError {
  return new ProxyError('connection_string_invalid', message, {
    hint: 'Use postgresql://authenticated@localhost/database, with the role’s name and no password.',
  })
}
