/** Which browser origins may read an answer: those that are configured, each by its exact name. */

const ALLOWED_HEADERS = [
  'Authorization',
  'Content-Type',
  'Neon-Connection-String',
  'Neon-Raw-Text-Output',
  'Neon-Array-Mode',
  'Neon-Pool-Opt-In',
  'Neon-Batch-Read-Only',
  'Neon-Batch-Isolation-Level',
  // Neon's own list forgets this one, so that deferrable batches fail in a browser.
  'Neon-Batch-Deferrable',
  // Added to every request by tracing in the browser: https://www.w3.org/TR/trace-context/,
  // https://www.w3.org/TR/baggage/, https://develop.sentry.dev/sdk/foundations/trace-propagation/
  'traceparent',
  'tracestate',
  'baggage',
  'sentry-trace',
]

export const EXPOSED_HEADERS = 'neon-request-id, proxy-error-code, retry-after'

/** @returns headers for any answer of /sql; Vary says that a cache must not mix origins up */
export function corsHeaders(
  origin: string | undefined,
  allowed: ReadonlySet<string>,
): Record<string, string> {
  if (origin === undefined || !allowed.has(origin)) return { vary: 'Origin' }
  return {
    vary: 'Origin',
    'access-control-allow-origin': origin,
    'access-control-expose-headers': EXPOSED_HEADERS,
  }
}

/** @param more names of request headers that pages may send besides those that the proxy knows */
export function preflightHeaders(
  origin: string | undefined,
  allowed: ReadonlySet<string>,
  more: readonly string[],
): Record<string, string> {
  const headers = corsHeaders(origin, allowed)
  if (headers['access-control-allow-origin'] === undefined) {
    return { ...headers, allow: 'OPTIONS, POST' }
  }
  return {
    ...headers,
    allow: 'OPTIONS, POST',
    'access-control-allow-headers': [...ALLOWED_HEADERS, ...more].join(', '),
    'access-control-max-age': '86400',
  }
}
