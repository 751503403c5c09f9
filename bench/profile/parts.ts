/** Names the part of a request's work that a source belongs to. */

const PARTS: readonly (readonly [what: string, source: RegExp])[] = [
  [
    'the token and the identity',
    /^proxy\/(tokens\/|authenticate|identity|become-user)|node_modules\/jose\//,
  ],
  ['the gate and what is remembered of statements', /^proxy\/(gate\/|statement-memory|lru)/],
  ['rows turned into JSON', /^proxy\/answer\//],
  ['sessions and the Postgres protocol', /^proxy\/(postgres\/|execute|run-request)/],
  ['the log', /^proxy\/(log|line-writer)/],
  ['the rest of the proxy', /^proxy\//],
  ['packages', /^node_modules\//],
  ['Node: HTTP', /^node:_?http/],
  ['Node: sockets and streams', /^node:(net|_?stream|internal\/(stream|streams))/],
  ['Node: buffers', /^node:(buffer|internal\/buffer)/],
  ['Node: timers, promises and the rest', /^node:/],
]

/** V8 and the system have no source and are parts by themselves. */
export function partOf(source: string): string {
  return PARTS.find(([, pattern]) => pattern.test(source))?.[0] ?? source
}
