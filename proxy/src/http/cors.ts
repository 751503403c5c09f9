/** Configured origins, matched exactly, may read answers in a browser. */

const ALLOWED_HEADERS = [
  'Authorization',
  'Content-Type',
  'Neon-Connection-String',
  'Neon-Raw-Text-Output',
  'Neon-Array-Mode',
  'Neon-Pool-Opt-In',
  'Neon-Batch-Read-Only',
  'Neon-Batch-Isolation-Level',
  // Neon's own list omits this one, so deferrable batches fail in a browser there.
  'Neon-Batch-Deferrable',
  // Resumes a live query.
  'Last-Event-ID',
  // Browser tracing adds these to every request: https://www.w3.org/TR/trace-context/,
  // https://www.w3.org/TR/baggage/, https://develop.sentry.dev/sdk/foundations/trace-propagation/
  'traceparent',
  'tracestate',
  'baggage',
  'sentry-trace',
]

export const EXPOSED_HEADERS = 'neon-request-id, proxy-error-code, retry-after'

/** @returns headers for any answer of /sql; Vary keeps caches from mixing up origins */
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

/** @param more names of additional request headers that pages may send */
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
