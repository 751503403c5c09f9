/** JSON in which a number stays the text that was sent: 1.0 is not 1, and large integers stay whole. */

export class ExactNumber {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
}

/** Like serde_json's, so that nesting ends in an error and not in an exhausted stack. */
const MAX_DEPTH = 128
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y
const STRING = /"(?:[^"\\\u0000-\u001f]|\\.)*"/y
const SPACE = /[\t\n\r ]*/y

/** @throws SyntaxError, or RangeError when nested deeper than 128 */
export function parseExactJson(text: string): unknown {
  const reader = new Reader(text)
  const value = reader.value(0)
  reader.end()
  return value
}

class Reader {
  readonly #text: string
  #at = 0

  constructor(text: string) {
    this.#text = text
  }

  value(depth: number): unknown {
    if (depth > MAX_DEPTH) throw new RangeError('nested too deeply')
    this.#match(SPACE)
    switch (this.#text.charAt(this.#at)) {
      case '{':
        return this.#object(depth)
      case '[':
        return this.#array(depth)
      case '"':
        return this.#string()
      case 't':
        return this.#word('true', true)
      case 'f':
        return this.#word('false', false)
      case 'n':
        return this.#word('null', null)
      default:
        return new ExactNumber(this.#match(NUMBER))
    }
  }

  end(): void {
    this.#match(SPACE)
    if (this.#at < this.#text.length) throw new SyntaxError('text after the value')
  }

  #object(depth: number): Record<string, unknown> {
    const members: [string, unknown][] = []
    this.#sequence('{', '}', () => {
      const key = this.#string()
      this.#token(':')
      members.push([key, this.value(depth + 1)])
    })
    return Object.fromEntries(members)
  }

  #array(depth: number): unknown[] {
    const items: unknown[] = []
    this.#sequence('[', ']', () => items.push(this.value(depth + 1)))
    return items
  }

  #sequence(open: string, close: string, item: () => void): void {
    this.#token(open)
    this.#match(SPACE)
    if (this.#text[this.#at] === close) {
      this.#at++
      return
    }
    for (;;) {
      this.#match(SPACE)
      item()
      this.#match(SPACE)
      if (this.#text[this.#at] !== ',') break
      this.#at++
    }
    this.#token(close)
  }

  #string(): string {
    return JSON.parse(this.#match(STRING)) as string
  }

  #word<T>(word: string, value: T): T {
    this.#token(word)
    return value
  }

  #token(token: string): void {
    this.#match(SPACE)
    if (!this.#text.startsWith(token, this.#at)) throw new SyntaxError(`expected ${token}`)
    this.#at += token.length
  }

  #match(pattern: RegExp): string {
    pattern.lastIndex = this.#at
    const [found] = pattern.exec(this.#text) ?? []
    if (found === undefined) throw new SyntaxError('unexpected character')
    this.#at += found.length
    return found
  }
}
