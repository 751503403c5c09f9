'use client'
/**
 * Which rows are in the document: of a long list those near the window, so that one of 5,000 has no more of them than
 * one of 50. What decides that is loaded with the first long list: before, the first rows are there.
 */
import {
  useCallback,
  useEffect,
  useLayoutEffect,
  useMemo,
  useReducer,
  useState,
  useSyncExternalStore,
  type RefObject,
} from 'react'
import type { Rows } from './virtual-engine'

type Engine = typeof import('./virtual-engine')

/** More rows than these are a long list. */
const FEW = 60

let engine: Engine | 'missing' | null = null

type Options = Pick<Rows, 'ids' | 'kept'> & { list: RefObject<HTMLElement | null> }

export function useWindow({ list, ids, kept }: Options) {
  const isLong = ids.length > FEW
  const loaded = useSyncExternalStore(isLong ? loadEngine : never, currentEngine, noEngine)
  const [, onChange] = useReducer((count: number) => count + 1, 0)
  const keyOf = useCallback((index: number) => ids[index] ?? index, [ids])
  const rows = { ids, keyOf, kept, margin: useMargin(list), onChange }
  const made = useMemo(
    () => (loaded === null || loaded === 'missing' ? null : withVirtualizer(loaded, rows)),
    // eslint-disable-next-line react-hooks/exhaustive-deps -- made once, and told below what each render shows
    [loaded],
  )
  made?.show(rows)
  useLayoutEffect(() => made?.virtualizer._didMount(), [made])
  useLayoutEffect(() => made?.virtualizer._willUpdate())

  if (!made) {
    const shown = loaded === 'missing' ? ids.length : Math.min(ids.length, FEW)
    return {
      rows: Array.from({ length: shown }, (_, index) => ({ index, gap: 0 })),
      /** Pixels of rows below that are not in the document. */
      rest: 0,
      measure: undefined,
      isWaiting: isLong && loaded === null,
      scrollTo: (index: number) => {
        list.current?.querySelector(`[data-index="${index}"]`)?.scrollIntoView({ block: 'nearest' })
      },
    }
  }
  const { virtualizer } = made
  const items = virtualizer.getVirtualItems()
  return {
    rows: items.map(({ index, start }, place) => ({
      index,
      /** Pixels of rows above that are not in the document. */
      gap: start - (items[place - 1]?.end ?? rows.margin),
    })),
    rest: Math.max(0, virtualizer.getTotalSize() + rows.margin - (items.at(-1)?.end ?? Infinity)),
    measure: virtualizer.measureElement,
    isWaiting: false,
    scrollTo: (index: number) => {
      virtualizer.scrollToIndex(index)
    },
  }
}

function withVirtualizer({ createVirtualizer, optionsFor }: Engine, first: Rows) {
  const virtualizer = createVirtualizer(first)
  return {
    virtualizer,
    show: (rows: Rows) => {
      virtualizer.setOptions(optionsFor(rows))
    },
  }
}

/** Pixels from the top of the page to the list: what is above may grow, for instance by a message. */
function useMargin(list: RefObject<HTMLElement | null>): number {
  const [margin, setMargin] = useState(0)
  useEffect(() => {
    const observer = new ResizeObserver(() => {
      const top = list.current?.getBoundingClientRect().top ?? 0
      setMargin(Math.round(top + window.scrollY))
    })
    observer.observe(document.body)
    return () => {
      observer.disconnect()
    }
  }, [list])
  return margin
}

function loadEngine(onLoaded: () => void): () => void {
  if (engine === null || engine === 'missing') {
    import('./virtual-engine')
      .then((loaded) => (engine = loaded))
      // Without it, all rows are in the document.
      .catch(() => (engine = 'missing'))
      .finally(onLoaded)
  }
  return () => undefined
}

const never = () => () => undefined
const currentEngine = () => engine
const noEngine = () => null
