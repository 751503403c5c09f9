/** TanStack Virtual for rows that the window scrolls. Loaded with the first long list (use-window.ts). */
import {
  defaultRangeExtractor,
  observeWindowOffset,
  observeWindowRect,
  Virtualizer,
  windowScroll,
  type VirtualizerOptions,
} from '@tanstack/virtual-core'

/** Pixels; a row of one line. Longer ones are measured. */
export const ROW_HEIGHT = 57

export type Rows = {
  /** The ids of all rows. */
  readonly ids: readonly string[]
  readonly keyOf: (index: number) => string | number
  /** The ids of rows that stay in the document wherever the window is. */
  readonly kept: () => readonly (string | null | undefined)[]
  /** Pixels above the first row. */
  readonly margin: number
  readonly onChange: () => void
}

type Options = VirtualizerOptions<Window, HTMLLIElement>

export function optionsFor({ ids, keyOf, kept, margin, onChange }: Rows): Options {
  return {
    count: ids.length,
    estimateSize: () => ROW_HEIGHT,
    getItemKey: keyOf,
    overscan: 8,
    scrollMargin: margin,
    initialOffset: () => window.scrollY,
    initialRect: { width: window.innerWidth, height: window.innerHeight },
    getScrollElement: () => window,
    observeElementRect: observeWindowRect,
    observeElementOffset: observeWindowOffset,
    scrollToFn: windowScroll,
    onChange,
    rangeExtractor: (range) => {
      const shown = defaultRangeExtractor(range)
      const indexes = kept().map((id) => (id ? ids.indexOf(id) : -1))
      const more = new Set(indexes.filter((index) => index >= 0 && !shown.includes(index)))
      return more.size === 0 ? shown : [...shown, ...more].sort((a, b) => a - b)
    },
  }
}

export const createVirtualizer = (rows: Rows) => new Virtualizer(optionsFor(rows))
