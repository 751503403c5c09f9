/** Search for words as patterns of ILIKE ALL: `%`, `_` and `\` in a word stand for themselves. */

/**
 * The SQL proxy lets all patterns of a statement together have this many bytes, because Postgres cannot interrupt a
 * search within a row. The array's own braces, quotes and commas count.
 */
export const MAX_PATTERN_BYTES = 200

export function patternsFor(words: readonly string[]): string[] {
  return words.map((word) => `%${word.replace(/[\\%_]/g, String.raw`\$&`)}%`)
}

export function areSearchable(words: readonly string[]): boolean {
  return new TextEncoder().encode(arrayLiteral(patternsFor(words))).length <= MAX_PATTERN_BYTES
}

/** The longest form in which drivers write a text array. */
function arrayLiteral(texts: readonly string[]): string {
  return `{${texts.map((text) => `"${text.replace(/["\\]/g, String.raw`\$&`)}"`).join(',')}}`
}
