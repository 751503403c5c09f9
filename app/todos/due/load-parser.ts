/** Loads the parser of due dates once, when someone has typed something that may be one. */

let loading: Promise<typeof import('./parse-due')> | undefined

export function loadParser(): Promise<typeof import('./parse-due')> {
  loading ??= import('./parse-due').catch((error: unknown) => {
    // The network was away: the next word tries again.
    loading = undefined
    throw error
  })
  return loading
}

/** Whether a text can hold a date at all: a digit, or the beginning of a word that chrono knows. */
export function mayHoldDue(text: string): boolean {
  return /\d|\b(?:to(?:day|morrow|night)|yesterday|mon|tue|wed|thu|fri|sat|sun|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|noon|midnight|next|this|in an?|week|month|year|day|hour)/i.test(
    text,
  )
}
