/** Says in which line of a JSON text something is, which JSON.parse does differently in each browser, or not at all. */
import { FileError } from './file-error'

/** @throws FileError with the line */
export function parseJson(text: string): unknown {
  const source = text.replace(/^\uFEFF/, '')
  try {
    return JSON.parse(source)
  } catch {
    throw new FileError('the file is not valid JSON', lineAt(source, positionOfError(source)))
  }
}

/** The line on which an item of the outermost list begins; the text is valid. */
export function lineOfItem(text: string, index: number): number {
  let [depth, listDepth, items] = [0, Infinity, -1]
  let isItem = false
  for (const { kind, at } of tokens(text)) {
    if (isItem && ++items === index) return lineAt(text, at)
    isItem = false
    if (kind === '[' || kind === '{') depth++
    if (kind === '[' && listDepth === Infinity) [listDepth, isItem] = [depth, true]
    if (kind === ']' || kind === '}') depth--
    if (kind === ',') isItem = depth === listDepth
  }
  return 1
}

type Token = { kind: string; at: number }

/** A character of punctuation, `"` for a string, `1` for another value, `?` for anything else. */
function* tokens(source: string): Generator<Token> {
  const next =
    /[ \t\r\n]*(?:([[\]{},:])|(")[^"\\\0-\x1f]*(?:\\(?:["\\/bfnrt]|u[\da-fA-F]{4})[^"\\\0-\x1f]*)*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)/y
  while (next.lastIndex < source.length) {
    const start = next.lastIndex
    const found = next.exec(source)
    if (!found) {
      const at = start + (/^[ \t\r\n]*/.exec(source.slice(start))?.[0].length ?? 0)
      if (at < source.length) yield { kind: '?', at }
      return
    }
    const [whole, mark, quote] = found
    yield { kind: mark ?? quote ?? '1', at: start + whole.length - whole.trimStart().length }
  }
}

type Expected = 'value' | 'item' | 'member' | 'key' | 'colon' | 'end of value'

function positionOfError(source: string): number {
  const open: string[] = []
  let expected: Expected = 'value'
  for (const { kind, at } of tokens(source)) {
    const next = follow(kind, expected, open)
    if (next === null) return at
    expected = next
  }
  return source.length
}

/** What may come after this token; null if the token may not stand here. `open` is changed. */
function follow(kind: string, expected: Expected, open: string[]): Expected | null {
  const isValue = expected === 'value' || expected === 'item'
  switch (kind) {
    case '[':
    case '{':
      if (!isValue) return null
      open.push(kind)
      return kind === '[' ? 'item' : 'member'
    case ']':
      return (expected === 'item' || expected === 'end of value') && open.pop() === '['
        ? 'end of value'
        : null
    case '}':
      return (expected === 'member' || expected === 'end of value') && open.pop() === '{'
        ? 'end of value'
        : null
    case '"':
      if (expected === 'key' || expected === 'member') return 'colon'
      return isValue ? 'end of value' : null
    case '1':
      return isValue ? 'end of value' : null
    case ':':
      return expected === 'colon' ? 'value' : null
    case ',':
      if (expected !== 'end of value' || open.length === 0) return null
      return open.at(-1) === '[' ? 'value' : 'key'
    default:
      return null
  }
}

const lineAt = (text: string, position: number) => text.slice(0, position).split('\n').length
