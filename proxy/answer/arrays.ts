/** Reads Postgres' array literals: nesting, quoting, NULL, bounds, any delimiter, and no elements at all. */

export type ArrayItem = string | null | ArrayItem[]

/**
 * @param literal as Postgres prints it: https://www.postgresql.org/docs/current/arrays.html#ARRAYS-IO
 * @param delimiter `,` for every built-in type but box, which has `;`
 * @throws Error when it is not an array literal
 */
export function parseArray(literal: string, delimiter = ','): ArrayItem[] {
  // `[1:1][-2:-1]={…}` tells bounds that JSON has no place for.
  const start = literal.startsWith('[') ? literal.indexOf('=') + 1 : 0
  const reader = new ArrayReader(literal, start, delimiter)
  const items = reader.array()
  reader.end()
  return items
}

class ArrayReader {
  readonly #text: string
  readonly #delimiter: string
  #at: number

  constructor(text: string, at: number, delimiter: string) {
    this.#text = text
    this.#at = at
    this.#delimiter = delimiter
  }

  array(): ArrayItem[] {
    this.#expect('{')
    const items: ArrayItem[] = []
    if (this.#text[this.#at] === '}') {
      this.#at++
      return items
    }
    for (;;) {
      items.push(this.#item())
      if (this.#text[this.#at] !== this.#delimiter) break
      this.#at++
    }
    this.#expect('}')
    return items
  }

  end(): void {
    if (this.#at !== this.#text.length) throw new Error('text after the array')
  }

  #item(): ArrayItem {
    const first = this.#text[this.#at]
    if (first === '{') return this.array()
    if (first === '"') return this.#quoted()
    const start = this.#at
    while (this.#at < this.#text.length && !this.#isEnd(this.#text.charAt(this.#at))) this.#at++
    const word = this.#text.slice(start, this.#at)
    return word === 'NULL' ? null : word
  }

  #quoted(): string {
    let value = ''
    let from = ++this.#at
    for (; this.#text[this.#at] !== '"'; this.#at++) {
      if (this.#at >= this.#text.length) throw new Error('a quoted element does not end')
      if (this.#text[this.#at] !== '\\') continue
      value += this.#text.slice(from, this.#at)
      from = ++this.#at
    }
    value += this.#text.slice(from, this.#at)
    this.#at++
    return value
  }

  #isEnd(character: string): boolean {
    return character === this.#delimiter || character === '}'
  }

  #expect(character: string): void {
    if (this.#text[this.#at] !== character) throw new Error(`no ${character} in the array`)
    this.#at++
  }
}
