/** Whether a request asks for a live query: with the media type of server-sent events, by name. */

const EVENTS = 'text/event-stream'

/**
 * Only the exact name counts: clients accept any type by default, and must get one answer as always.
 * With several types, the higher weight wins (RFC 9110, section 12.5.1), and events in a draw.
 */
export function wantsEvents(accept: string | undefined): boolean {
  if (accept?.toLowerCase().includes(EVENTS) !== true) return false
  const ranges = accept.split(',').map(readRange)
  const weightOf = (type: string) =>
    Math.max(0, ...ranges.filter((range) => range.type === type).map(({ weight }) => weight))
  return weightOf(EVENTS) > 0 && weightOf(EVENTS) >= weightOf('application/json')
}

function readRange(text: string): { type: string; weight: number } {
  const [type = '', ...parameters] = text.split(';').map((part) => part.trim().toLowerCase())
  const quality = parameters.find((parameter) => parameter.startsWith('q='))
  const weight = quality === undefined ? 1 : Number(quality.slice(2))
  return { type, weight: Number.isFinite(weight) ? weight : 0 }
}
