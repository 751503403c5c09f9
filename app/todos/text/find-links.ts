/** Splits text into plain parts and http(s) addresses. What it returns is shown as text, never as HTML. */

export type Part = { text: string; href: string | null }

const address = /https?:\/\/[^\s<>"'`{}|\\^]+/gi

export function findLinks(text: string): Part[] {
  const parts: Part[] = []
  let end = 0
  for (const match of text.matchAll(address)) {
    const words = withoutTrailing(match[0])
    const href = safeHref(words)
    if (href === null) continue
    if (match.index > end) parts.push({ text: text.slice(end, match.index), href: null })
    parts.push({ text: words, href })
    end = match.index + words.length
  }
  if (end < text.length) parts.push({ text: text.slice(end), href: null })
  return parts
}

/** A full stop or bracket at the end belongs to the sentence, unless the bracket was opened in the address. */
function withoutTrailing(words: string): string {
  const unopened = { ')': surplus(words, '(', ')'), ']': surplus(words, '[', ']') }
  let length = words.length
  for (; length > 0; length--) {
    const last = words.charAt(length - 1)
    if (last === ')' || last === ']') {
      if (unopened[last]-- <= 0) break
    } else if (!'.,;:!?…*_~»”’'.includes(last)) break
  }
  return words.slice(0, length)
}

function surplus(text: string, open: string, close: string): number {
  return text.split(close).length - text.split(open).length
}

function safeHref(words: string): string | null {
  if (!URL.canParse(words)) return null
  const { protocol, href } = new URL(words)
  return protocol === 'http:' || protocol === 'https:' ? href : null
}
