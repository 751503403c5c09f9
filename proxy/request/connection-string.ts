/** Reads the header Neon-Connection-String by Neon's rules, in Neon's order, with Neon's words. */
import { ProxyError } from '../errors'

export type Target = { readonly user: string; readonly database: string }

/** @throws ProxyError with the code connection_string_invalid */
export function parseConnectionString(header: string | undefined): Target {
  if (header === undefined || !/^[\t\x20-\x7e]+$/.test(header)) {
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
  // `[v6]` has no label that could name an endpoint; everything else is accepted: there is one.
  if (url.hostname === '' || url.hostname.startsWith('[')) throw invalid('missing hostname')
  // Without a name Postgres takes the user's.
  return { user, database: database === '' ? user : database }
}

function parseUrl(text: string): URL {
  try {
    return new URL(text)
  } catch {
    // The words of Rust's url crate, which Neon's proxy passes on.
    const why = /^[a-z][a-z0-9+.-]*:/i.test(text)
      ? /@(?=[/?#]|$)/.test(text)
        ? 'empty host'
        : 'invalid authority'
      : 'relative URL without a base'
    throw invalid(`invalid connection string: ${why}`)
  }
}

function decode(text: string, problem: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    throw invalid(`${problem}: invalid utf-8 sequence`)
  }
}

function invalid(message: string): ProxyError {
  return new ProxyError('connection_string_invalid', message, {
    hint: 'Use postgresql://authenticated@localhost/database, with the role’s name and no password.',
  })
}
