/** Reads server-sent events: https://html.spec.whatwg.org/multipage/server-sent-events.html */

export type ServerEvent = {
  readonly event: string
  readonly data: string
  readonly id: string | undefined
}

/**
 * Yields the events of a body, until it ends.
 * @param onBytes called whenever something arrives, comments included
 */
export async function* readEvents(
  body: ReadableStream<Uint8Array>,
  onBytes: () => void = () => undefined,
): AsyncGenerator<ServerEvent, void, undefined> {
  const decoder = new TextDecoder()
  const reader = body.getReader()
  let rest = ''
  try {
    for (;;) {
      const { done, value } = await reader.read()
      // An event without its empty line may not be whole.
      if (done) return
      onBytes()
      const blocks = (rest + decoder.decode(value, { stream: true })).split('\n\n')
      rest = blocks.pop() ?? ''
      for (const block of blocks) {
        const event = parseEvent(block)
        if (event !== undefined) yield event
      }
    }
  } finally {
    await reader.cancel().catch(() => undefined)
  }
}

/** Undefined for a block of comments. */
function parseEvent(block: string): ServerEvent | undefined {
  const data: string[] = []
  let [event, id]: [string, string | undefined] = ['message', undefined]
  for (const line of block.split('\n')) {
    const [, name, value = ''] = /^([^:]*)(?:: ?([\s\S]*))?$/.exec(line) ?? []
    if (name === 'data') data.push(value)
    else if (name === 'event') event = value
    else if (name === 'id') id = value
  }
  return data.length === 0 ? undefined : { event, data: data.join('\n'), id }
}
